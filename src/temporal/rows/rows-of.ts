import type { Client } from '@temporalio/client';
import type { ActiveProcess } from '../../assembly/active-process.js';
import { TemporalRows } from './temporal-rows.js';
import { getOwn } from '../../model/keyed.js';

/** The rows of a process, as they are listed now; new ones run on this task queue. `now`: milliseconds since the epoch. */
export function rowsOf(
  active: ActiveProcess,
  { client, taskQueue, now }: { client: Client; taskQueue: string; now(): number },
): Promise<TemporalRows> {
  const { id, digest, errors } = active.process;
  return TemporalRows.open({ client, taskQueue, process: id, digest, errors, link: (type, record) => linkOf(active, type, record), now });
}

function linkOf({ definition, process }: ActiveProcess, entityType: string, id: string): string | undefined {
  const system = process.entityTypes.find(({ name }) => name === entityType)?.from.system;
  const link = system === undefined ? undefined : getOwn(definition.systems, system)?.link;
  return link?.replaceAll('{id}', encodeURIComponent(id)).replaceAll('{entityType}', encodeURIComponent(entityType));
}
