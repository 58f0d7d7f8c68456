import pLimit from 'p-limit';
import type { Context, Unreadable } from '../connectors/connector.js';
import { keyOf } from '../model/record-key.js';
import type { Surroundings } from './batch.js';
import { heldFailure, inStepOf, recordErrored, unfetched, unreadableErrored } from './failures-of.js';
import { processFresh, type Fresh, type Settled } from './fresh.js';
import { Memory } from './memory.js';
import { isDone } from './outcome.js';
import { parentFailing, type EntityTypeParts } from './parts.js';
import { stampOfPlace } from './place.js';
import { releaseChildren } from './release.js';
import { retryPlaces } from './retry-places.js';
import type { Retried, RetryWork } from './retry-work.js';
import type { WaitingChild } from '../model/waiting-child.js';
import { waitedFor } from './waited-for.js';

/** Records told at once: most of a pass is waiting for their rows. */
const AT_ONCE = 16;

/** Those among them on which children wait, which may be many, and are processed side by side. */
const FAMILIES_AT_ONCE = 4;

/** The children that wait on each record, where any do. */
type WaitingBy = Map<string, WaitingChild[] | 'all'>;

/**
 * Tries records again that failed, each read afresh. Children that waited on one that is in step
 * follow at once. @returns what became of each id: where it stopped, those are left out whose row
 * was not told a try.
 *
 * @throws SystemFailure, Cancelled.
 */
export async function retryRecords(ids: string[], parts: EntityTypeParts, work: RetryWork, c: Context): Promise<Map<string, Retried>> {
  const result = await retryPlaces(
    ids.filter((id) => stampOfPlace(id) !== undefined),
    parts,
    work,
    c,
  );
  const aside = await waitedFor(ids, parts, work.rows, c);
  for (const id of aside) result.set(id, 'failing');
  const named = ids.filter((id) => stampOfPlace(id) === undefined && !aside.has(id));
  if (named.length === 0 || work.budget.told) return result;
  const found = await parts.source.fetch(named, c);
  for (const [id, retried] of await retryFound(new Map(named.map((id) => [id, found.get(id)])), parts, work, c)) result.set(id, retried);
  return result;
}

async function retryFound(found: Fresh, parts: EntityTypeParts, work: RetryWork, c: Context): Promise<Map<string, Retried>> {
  const { rows, budget } = work;
  const waiting = await waitingOf([...found.keys()], parts, work);
  const given = new Set([...waiting.values()].flatMap((each) => (each === 'all' ? [] : each.map(keyOf))));
  // Late or not is not known here: children of whatever arrives are looked for, but for those that
  // are released anyway.
  const around: Surroundings = { memory: new Memory(), rows, budget, passed: {}, given };
  const { settled, unreadable } = await processFresh(found, parts, around, work, c);
  budget.recordable([
    ...settled.flatMap(({ record, outcome }) => (outcome.result === 'errored' ? [recordErrored(record, outcome.error, parts)] : [])),
    ...unreadable.map((record) => unreadableErrored(record, parts)),
  ]);
  const result = new Map<string, Retried>();
  const tell = async (id: string, telling: () => Promise<Retried>): Promise<void> => void result.set(id, await telling());
  const told = [
    // Where a stop is asked for, also by what was processed for their sake, no row is told that its
    // record failed.
    ...(budget.told ? [] : unreadable).map(
      (record) => () => tell(record.id, () => tellUnreadable(record, waiting.get(record.id), parts, work, c)),
    ),
    ...settled.flatMap((each) =>
      budget.told && !isDone(each.outcome)
        ? []
        : [() => tell(each.record.id, () => tellRow(each, waiting.get(each.record.id), parts, work, c))],
    ),
  ];
  await allSettled(told, waiting.size > 0 ? FAMILIES_AT_ONCE : AT_ONCE);
  for (const { record, outcome } of settled) work.onOutcome?.(record.id, outcome);
  if (!budget.told) for (const { id, error } of unreadable) work.onOutcome?.(id, { result: 'errored', error });
  return result;
}

/** Some at once, yet none is left under way when this throws. */
async function allSettled(works: (() => Promise<void>)[], atOnce: number): Promise<void> {
  const limit = pLimit(atOnce);
  const results = await Promise.allSettled(works.map((work) => limit(work)));
  const failed = results.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}

async function waitingOf(ids: string[], parts: EntityTypeParts, { rows }: RetryWork): Promise<WaitingBy> {
  const { name } = parts.definition;
  const waitedOn = ids.filter((id) => (rows.find(name, id)?.waiting ?? 0) > 0);
  return new Map(await Promise.all(waitedOn.map(async (id) => [id, await rows.waitingOn(name, id)] as const)));
}

/** Tells a row what became of its record, once the children that waited on it were processed. */
async function tellRow(
  { record, outcome, absent }: Settled,
  waiting: WaitingChild[] | 'all' | undefined,
  parts: EntityTypeParts,
  work: RetryWork,
  c: Context,
): Promise<Retried> {
  const { rows, budget } = work;
  const { name: entityType } = parts.definition;
  if (outcome.result === 'errored') {
    await rows.failedAgain(recordErrored(record, outcome.error, parts));
    return 'failing';
  }
  if (outcome.result === 'held' && 'error' in outcome) {
    await rows.failedAgain(recordErrored(record, outcome.error, parts));
    return 'failing';
  }
  if (outcome.result === 'held') {
    await rows.record([heldFailure(record, outcome.on, parts)], c);
    // One that has no row of its own waits on its parent's alone.
    if (rows.find(entityType, record.id)) await rows.failedAgain(recordErrored(record, parentFailing(outcome.on), parts));
    return 'failing';
  }
  const row = { entityType, id: record.id };
  const released = waiting && (await releaseChildren(row, waiting, parts, work, c));
  await rows.settled(row, absent ? { gone: true } : { synced: inStepOf(record, parts) }, both(released, outcome.released));
  // Its row is open still, and due.
  if (budget.stop && waiting && released !== 'all' && released?.length !== waiting.length) return 'failing';
  return absent ? 'gone' : 'healed';
}

/**
 * Tells the row of a record that its source cannot give. Where the row says that it is in step, as
 * its changes brought it over, its children need not wait for it: they go by what the destination
 * has.
 */
async function tellUnreadable(
  record: Unreadable & { id: string },
  waiting: WaitingChild[] | 'all' | undefined,
  parts: EntityTypeParts,
  work: RetryWork,
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

function both(released: WaitingChild[] | 'all' | undefined, more: WaitingChild[] | undefined): WaitingChild[] | 'all' | undefined {
  if (released === 'all' || !more) return released;
  return [...(released ?? []), ...more];
}
