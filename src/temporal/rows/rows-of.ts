import type { Client } from '@temporalio/client';
import type { ActiveProcess } from '../../assembly/active-process.js';
import type { Logger } from '../../log.js';
import { getOwn } from '../../model/keyed.js';
import { TemporalRows, type Pinned } from './temporal-rows.js';

/**
 * The rows of a process, as they are listed now; new ones run on this task queue. `now`:
 * milliseconds since the epoch.
 */
export function rowsOf(
  active: ActiveProcess,
  { client, taskQueue, now, log, by }: { client: Client; taskQueue: string; now(): number; log: Logger; by?: string },
): Promise<TemporalRows> {
  const { id, digest, errors } = active.process;
  return TemporalRows.open({
    client,
    taskQueue,
    log,
    process: id,
    digest,
    errors,
    link: (type, record) => linkOf(active, type, record),
    pinned: (type) => pinnedOf(active, type),
    now,
    ...(by !== undefined ? { by } : {}),
  });
}

/**
 * What the rows of an entity type are opened with: where links may lead, and how far its source’s
 * stamps may lie ahead.
 */
function pinnedOf({ definition, process }: ActiveProcess, entityType: string): Pinned {
  const system = process.entityTypes.find(({ name }) => name === entityType)?.from.system;
  const { link, clockBound } = getOwn(definition.systems, system ?? '') ?? {};
  const address = link?.replaceAll('{id}', 'id').replaceAll('{entityType}', 'type');
  return {
    ...(address !== undefined && URL.canParse(address) ? { host: new URL(address).host } : {}),
    ...(clockBound !== undefined ? { clockBound } : {}),
  };
}

function linkOf({ definition, process }: ActiveProcess, entityType: string, id: string): string | undefined {
  const system = process.entityTypes.find(({ name }) => name === entityType)?.from.system;
  const link = system === undefined ? undefined : getOwn(definition.systems, system)?.link;
  return link?.replaceAll('{id}', encodeURIComponent(id)).replaceAll('{entityType}', encodeURIComponent(entityType));
}
