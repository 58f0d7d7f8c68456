import { bothWays } from './both-ways.js';
import type { Measurement } from './figure.js';
import { fleet } from './fleet.js';
import { fromFhir } from './from-fhir.js';
import { history } from './history.js';
import { many } from './many.js';
import { mappingAlone } from './mapping-alone.js';
import { memory } from './memory.js';
import { pause } from './pause.js';
import { planning } from './planning.js';
import { reconciling } from './reconciling.js';
import { recording } from './recording.js';
import { killed, retrying } from './retrying.js';
import { throughput } from './throughput.js';

/** All there are, in the order they are run. */
export const measurements: readonly Measurement[] = [
  throughput,
  fromFhir,
  bothWays,
  history,
  memory,
  pause,
  recording,
  retrying,
  killed,
  planning,
  reconciling,
  mappingAlone,
  fleet,
  many,
];
