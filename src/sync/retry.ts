import pLimit from 'p-limit';
import type { Context, Instant } from '../connectors/connector.js';
import { keyOf } from './attempt.js';
import type { Carrying } from './carry.js';
import { carryFresh, type Fresh, type Settled } from './carry-fresh.js';
import { heldFailure, inStepOf, recordErrored, unreadableErrored } from './failures-of.js';
import type { RecordFailure } from './failures.js';
import { Judging } from './judging.js';
import { lookAtParents } from './look-at-parents.js';
import { Memory } from './memory.js';
import type { Outcome } from './outcome.js';
import { parentFailing, type EntityTypeParts } from './parts.js';
import { stampOfPlace } from './place.js';
import { releaseChildren } from './release.js';
import { stillUnreadable } from './retry-unreadable.js';
import type { RetriedRows, WaitingChild } from './rows.js';
import { tellUnreadable } from './tell-unreadable.js';
import { waitedFor } from './waited-for.js';

export interface RetryWork {
  rows: RetriedRows;
  /** All types of the process, in the order they are synced. */
  types: Record<string, EntityTypeParts>;
  /** Throws `SystemFailure` where the source is not well: what it does not have then says nothing. */
  expectHealthy(c: Context): Promise<void>;
  now(): Instant;
  /** An earlier try of these may have been lost with its worker: what it wrote, and which parents it brought over, is not known. */
  lost?: true;
  /** By which the execution judges what it tries, and which says why it stops; each call has its own where it is absent. */
  judging?: Judging;
  /** So many children were carried over that had waited. */
  onReleased?(children: number): void;
  /** What the pipeline made of a record, once its row knows. */
  onOutcome?(id: string, outcome: Outcome): void;
}

/** What the parts of one call work with. */
export type Retrying = RetryWork & { judging: Judging };

export type Retried = 'healed' | 'failing' | 'gone';

/**
 * Tries records again that failed, each read afresh (see `carryFresh`). Children that waited on one that is in step follow at once. @returns what became of each id: where
 * it stopped, those are left out whose row was not told a try.
 *
 * @throws SystemFailure, Cancelled: rows that were not told yet are looked at again, also where the regular process closed them meanwhile.
 */
export async function retryRecords(ids: string[], parts: EntityTypeParts, given: RetryWork, c: Context): Promise<Map<string, Retried>> {
  const work: Retrying = { ...given, judging: given.judging ?? new Judging(given.rows) };
  const places = ids.filter((id) => stampOfPlace(id) !== undefined);
  const result = await stillUnreadable(places, parts, work, c);
  const aside = await waitedFor(ids, parts, work, c);
  for (const id of aside) result.set(id, 'failing');
  const named = ids.filter((id) => stampOfPlace(id) === undefined && !aside.has(id));
  if (named.length === 0 || work.judging.told) return result;
  const found = await parts.source.fetch(named, c);
  try {
    await lookAtParents(found, parts, work, retryRecords, c);
    if (!work.judging.told) await retryFound(new Map(named.map((id) => [id, found.get(id)])), parts, work, result, c);
  } catch (error) {
    // Something of these may have been written, over a newer state of the regular process.
    const untold = named.filter((id) => !result.has(id));
    await work.rows.lookAgain(untold.map((id) => ({ entityType: parts.definition.name, id })));
    throw error;
  }
  return result;
}

/** Adds to `result` what became of each, as soon as its row is told. */
async function retryFound(found: Fresh, parts: EntityTypeParts, work: Retrying, result: Map<string, Retried>, c: Context): Promise<void> {
  const waiting = await waitingOf([...found.keys()], parts, work);
  const given = new Set(
    [...waiting.values()].flatMap((each) => (each === 'all' ? [] : each)).map(({ entityType, id }) => keyOf(entityType, id)),
  );
  // Late or not is not known here: children of whatever arrives are looked for, but for those that are released anyway.
  const carrying: Carrying = { memory: new Memory(), rows: work.rows, judging: work.judging, passed: {}, given, retrying: true };
  const { settled, unreadable, unsure } = await carryFresh(found, parts, carrying, work, c);
  for (const id of unsure) result.set(id, 'failing');
  const failures = settled.flatMap(({ record, outcome }) =>
    outcome.fate === 'errored' ? [recordErrored(record, outcome.error, parts)] : [],
  );
  work.judging.recordable([...failures, ...unreadable.map((record) => unreadableErrored(record, parts))]);
  // Where a stop is asked for, also by what was carried for their sake, no row is told that its record failed.
  const isTold = work.judging.told ? isWell : () => true;
  for (const record of work.judging.told ? [] : unreadable) {
    result.set(record.id, await tellUnreadable(record, waiting.get(record.id), parts, work, c));
    work.onOutcome?.(record.id, { fate: 'errored', error: record.error });
  }
  const family = pLimit(FAMILIES_AT_ONCE);
  await someAtOnce(settled, async (each) => {
    const telling = async (): Promise<Retried> => tell(each, waiting.get(each.record.id), parts, work, c);
    if (isTold(each)) result.set(each.record.id, await (waiting.has(each.record.id) ? family(telling) : telling()));
    work.onOutcome?.(each.record.id, each.outcome);
  });
}

function isWell({ outcome: { fate } }: Settled): boolean {
  return fate !== 'errored' && fate !== 'held';
}

/** Records told at once: most of a pass is waiting for their rows. */
const AT_ONCE = 16;

/** Those among them on which children wait, which may be many, and are carried over side by side. */
const FAMILIES_AT_ONCE = 4;

/** Some at once, yet none is left under way when this throws. */
async function someAtOnce<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const limit = pLimit(AT_ONCE);
  const results = await Promise.allSettled(items.map((item) => limit(() => work(item))));
  const failed = results.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}

/** The children that wait on each, where any do. */
async function waitingOf(ids: string[], parts: EntityTypeParts, { rows }: RetryWork): Promise<Map<string, WaitingChild[] | 'all'>> {
  const { name } = parts.definition;
  const waitedOn = ids.filter((id) => (rows.find(name, id)?.waiting ?? 0) > 0);
  return new Map(await Promise.all(waitedOn.map(async (id) => [id, await rows.waitingOn(name, id)] as const)));
}

async function tell(
  { record, outcome, absent }: Settled,
  waiting: WaitingChild[] | 'all' | undefined,
  parts: EntityTypeParts,
  work: Retrying,
  c: Context,
): Promise<Retried> {
  const { rows } = work;
  if (outcome.fate === 'errored') {
    await rows.failedAgain(recordErrored(record, outcome.error, parts));
    return 'failing';
  }
  if (outcome.fate === 'held') {
    const failures: RecordFailure[] = [heldFailure(record, outcome.on, parts)];
    await rows.record(failures, c);
    // One that has no row of its own waits on its parent's alone.
    if (rows.find(parts.definition.name, record.id)) await rows.failedAgain(recordErrored(record, parentFailing(outcome.on), parts));
    return 'failing';
  }
  const row = { entityType: parts.definition.name, id: record.id };
  const released = waiting && (await releaseChildren(row, waiting, parts, work, c));
  await rows.settled(row, absent ? { gone: true } : { synced: inStepOf(record, parts) }, allOf(released, outcome.released));
  // Its row is open still, and due.
  if (work.judging.stop && waiting && released !== 'all' && released?.length !== waiting.length) return 'failing';
  return absent ? 'gone' : 'healed';
}

function allOf(released: WaitingChild[] | 'all' | undefined, more: WaitingChild[] | undefined): WaitingChild[] | 'all' | undefined {
  if (released === 'all' || !more) return released;
  return [...(released ?? []), ...more];
}
