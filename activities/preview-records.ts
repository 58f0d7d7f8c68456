import { stopOf } from '../src/errors/stop-of.js';
import { SystemFailure } from '../src/errors/system-failure.js';
import { bytesOf } from '../src/model/clean.js';
import { getOwn } from '../src/model/keyed.js';
import type { Stop } from '../src/model/stop.js';
import { previewSome } from '../src/sync/preview-some.js';
import type { PreviewInput, PreviewResult } from '../workflows/contracts.js';
import { definitionChanged } from './definition-changed.js';
import type { ActivityDependencies } from './dependencies.js';
import { handBack } from './hand-back.js';
import { alive } from './heartbeat.js';
import { unknownType } from './unknown-type.js';
import { workContext } from './work-context.js';

/** Bytes that may pass through a history. */
const MAX_BYTES = 1_000_000;

/** What records would come to, with their values masked. Nothing is written. */
export async function previewRecords(input: PreviewInput, dependencies: ActivityDependencies): Promise<PreviewResult> {
  const found = await dependencies.integrations.find(input.process);
  handBack(found, {}, dependencies);
  if ('missing' in found) return { previews: [], stopped: definitionChanged(found) };
  const { parts } = found.active;
  if (!getOwn(parts, input.entityType)) return { previews: [], stopped: unknownType(input.entityType, Object.keys(parts)) };
  const { id, sample = 1 } = input;
  const wanted = id === undefined ? { sample, until: new Date(dependencies.now()).toISOString() } : { id };
  const c = workContext(dependencies);
  const work = async (): Promise<PreviewResult> => {
    const previews = await previewSome(wanted, input.entityType, parts, { showValues: false }, c);
    return bytesOf(previews) > MAX_BYTES ? { previews: [], stopped: tooLarge } : { previews };
  };
  return alive(
    () =>
      dependencies.slots.run(c, work).catch((error: unknown) => {
        if (error instanceof SystemFailure) return { previews: [], stopped: stopOf(error, undefined) };
        throw error;
      }),
    c,
  );
}

const tooLarge: Stop = {
  code: 'TooLarge',
  message: 'The preview is larger than what a worker may answer.',
  remedy: 'Ask for fewer records, or add --show-values, which runs it here.',
  needs: 'person',
};
