import type { Client } from '@temporalio/client';
import type { IntegrationStore } from '../src/assembly/integration-store.js';
import type { Http } from '../src/http/http.js';
import type { Logger } from '../src/log.js';
import type { Slots } from './slots.js';
import type { Timing } from '../src/model/timing.js';

/** What activities are given by the worker. */
export interface ActivityDependencies {
  /** Of the namespace the worker serves: errored records are workflows. */
  client: Client;
  integrations: IntegrationStore;
  http: Http;
  log: Logger;
  slots: Slots;
  timing: Timing;
  /** Which worker this is, for people: its identity, host and folder. */
  worker: string;
  /** Milliseconds after which `syncChanges` returns between two pages. */
  softLimit: number;
  /** Milliseconds since the epoch, UTC. */
  now(): number;
}
