import type { Context, Unreadable } from '../connectors/connector.js';
import { unfetched } from './failures-of.js';
import type { EntityTypeParts } from './parts.js';
import { releaseChildren } from './release.js';
import type { Retried, Retrying } from './retry.js';
import type { WaitingChild } from './rows.js';

/**
 * Tells the row of a record that its source cannot give. Where the row says that it is in step, as its changes brought it over, its children need not wait for it:
 * they go by what the destination has.
 */
export async function tellUnreadable(
  record: Unreadable & { id: string },
  waiting: WaitingChild[] | 'all' | undefined,
  parts: EntityTypeParts,
  work: Retrying,
  c: Context,
): Promise<Retried> {
  const { rows } = work;
  const where = { entityType: parts.definition.name, id: record.id };
  const row = rows.find(where.entityType, where.id);
  const failure = unfetched(record, row, parts);
  if (waiting && row?.state === 'releasing' && row.version !== '') {
    const released = await releaseChildren(where, waiting, parts, work, c);
    await rows.settled(where, { synced: { ...where, version: row.version, stamp: row.stamp } }, released);
    if (released === 'all' || released?.length === waiting.length) return 'healed';
  }
  await rows.failedAgain(failure);
  return 'failing';
}
