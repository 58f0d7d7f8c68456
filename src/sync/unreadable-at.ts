import type { Context, Instant, Unreadable } from '../connectors/connector.js';
import { idOf } from './failures-of.js';
import type { EntityTypeParts } from './parts.js';

/** What cannot be read at a stamp now, by its id or place. @throws SystemFailure, Cancelled. */
export async function unreadableAt(stamp: Instant, { source }: EntityTypeParts, c: Context): Promise<Map<string, Unreadable>> {
  const before = new Date(Date.parse(stamp) - 1).toISOString();
  const found = new Map<string, Unreadable>();
  for await (const { records } of source.changes({ v: 1, at: before }, stamp, 200, c))
    for (const record of records) if ('error' in record) found.set(idOf(record), record);
  return found;
}
