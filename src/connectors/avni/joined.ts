import pLimit from 'p-limit';
import type { RecordError } from '../../errors/record-error.js';
import { setOwn } from '../../model/keyed.js';
import type { Context, Instant, SourceRecord, Unreadable } from '../connector.js';
import { together } from '../together.js';
import { AT_ONCE } from './at-once.js';
import type { AvniLister } from './lister.js';

/** What is joined to one record, and the stamps of all of it, also of what is voided. */
export interface JoinedValue {
  /** The member of the record that holds it. */
  name: string;
  value: unknown;
  stamps: Instant[];
}

/**
 * What belongs to records of a type and has stamps of its own: where it changes, the record
 * changes, though its own stamp stays.
 */
export interface Joined {
  /** Changes of it; each goes by the id of the record it belongs to. */
  changes: AvniLister;
  /** Whether such a change belongs to a record of the type. */
  isOf(body: unknown): boolean;
  /** Once for records that are joined together, before any is asked for. @throws as `of` does */
  prepare?(c: Context): Promise<void>;
  /** Of one record. @throws SystemFailure, Cancelled */
  of(id: string, c: Context): Promise<JoinedValue | { error: RecordError }>;
}

/**
 * Records with all that is joined to them, a few at a time. The version of each is the latest stamp
 * of it and of what is joined. What is voided is given as it is.
 */
export async function withJoined<T extends SourceRecord | Unreadable>(
  records: readonly T[],
  joined: readonly Joined[],
  c: Context,
): Promise<(T | SourceRecord | Unreadable)[]> {
  const limit = pLimit(AT_ONCE);
  if (records.length > 0) for (const each of joined) await each.prepare?.(c);
  return together(
    records.map(
      (record) => (each: Context) => limit(async () => ('body' in record && !record.voided ? join(record, joined, each) : record)),
    ),
    c,
  );
}

async function join(record: SourceRecord, joined: readonly Joined[], c: Context): Promise<SourceRecord | Unreadable> {
  const body = { ...(record.body as Record<string, unknown>) };
  const stamps = [record.modified];
  for (const each of joined) {
    const found = await each.of(record.id, c);
    if ('error' in found) return { id: record.id, stamp: record.modified, slot: 0, error: found.error };
    setOwn(body, found.name, found.value);
    stamps.push(...found.stamps);
  }
  const modified = stamps.sort().at(-1) ?? record.modified;
  return { ...record, version: modified, modified, body };
}
