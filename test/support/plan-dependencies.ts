import type { Client } from '@temporalio/client';
import type { ActivityDependencies } from '../../activities/dependencies.js';
import { silent } from '../../src/log.js';
import { timing } from './process-harness.js';

/** What planning a cycle asks for, over the definition of a process that has these entity types. */
export function dependenciesOf(client: Client, process: { id?: string; entityTypes?: object[] } = {}): ActivityDependencies {
  const active = {
    definition: { systems: {} },
    process: { digest: 'd1', errors: { cadence: { every: 3_600_000 }, stopAfter: { open: 100 } }, entityTypes: [], ...process },
  };
  return {
    client,
    timing,
    now: Date.now,
    log: silent,
    integrations: { find: async () => ({ active }) },
  } as unknown as ActivityDependencies;
}
