import type { Context, Instant, SourceRecord, Unreadable } from '../connectors/connector.js';
import { carry, type Carrying } from './carry.js';
import { heldFailure, inStepOf, isReadable, recordErrored } from './failures-of.js';
import type { RecordFailure } from './failures.js';
import { Memory } from './memory.js';
import type { Outcome } from './outcome.js';
import { parentFailing, type EntityTypeParts } from './parts.js';
import { releaseChildren } from './release.js';
import { stillUnreadable } from './retry-unreadable.js';
import type { RetriedRows } from './rows.js';

export interface RetryWork {
  rows: RetriedRows;
  /** All types of the process, in the order they are synced. */
  types: Record<string, EntityTypeParts>;
  /** Throws `SystemFailure` where the source is not well: what it does not have then says nothing. */
  expectHealthy(c: Context): Promise<void>;
  now(): Instant;
}

export type Retried = 'healed' | 'failing' | 'gone';

/** How often a record that changes while it is written is written again before it is left for the next pass. */
const MOST_ROUNDS = 5;

/**
 * Tries records again that failed: reads each afresh, carries it, reads it once more and repeats where it changed meanwhile, so that the destination ends with the newest
 * state whoever else writes. Children that waited on one that is in step follow at once. @returns what became of each id.
 *
 * @throws SystemFailure, Cancelled with rows as they were, but for those already told.
 */
export async function retryRecords(ids: string[], parts: EntityTypeParts, work: RetryWork, c: Context): Promise<Map<string, Retried>> {
  const result = new Map<string, Retried>();
  const aside = await waitedFor(ids, parts, work, c);
  for (const id of aside) result.set(id, 'failing');
  const named = ids.filter((id) => !id.startsWith('@') && !aside.has(id));
  for (const [id, what] of await stillUnreadable(
    ids.filter((id) => id.startsWith('@')),
    parts,
    work,
    c,
  ))
    result.set(id, what);
  // Late or not is not known here: children of whatever arrives are looked for.
  const carrying: Carrying = { memory: new Memory(), rows: work.rows, passed: {} };
  let rest = await parts.source.fetch(named, c);
  let absent = named.filter((id) => !rest.has(id));
  for (let round = 1; named.length > 0; round += 1) {
    if (absent.length > 0) await work.expectHealthy(c);
    const records = [...rest.values()].filter(isReadable);
    for (const [id, record] of rest) if ('error' in record) result.set(id, await failUnreadable({ ...record, id }, parts, work));
    const removed = absent.map((id) => absentRecord(id, work.now()));
    const outcomes = await carryAll([...records, ...removed], parts, carrying, work, c);
    const again = round < MOST_ROUNDS ? await changedSince(records, parts, c) : new Map<string, SourceRecord | Unreadable | undefined>();
    await Promise.all(
      [...outcomes].map(async ([record, outcome]) => {
        if (!again.has(record.id)) result.set(record.id, await tell(record, outcome, absent.includes(record.id), parts, work, c));
      }),
    );
    if (again.size === 0) return result;
    rest = new Map([...again].flatMap(([id, record]) => (record ? [[id, record] as const] : [])));
    absent = [...again].flatMap(([id, record]) => (record ? [] : [id]));
  }
  return result;
}

/**
 * Records that never failed, on which children wait that are to hold until their parent comes by itself, and that have not come yet: nothing is brought, and their rows stay
 * as they are.
 */
async function waitedFor(ids: string[], parts: EntityTypeParts, { rows, types }: RetryWork, c: Context): Promise<Set<string>> {
  const { name } = parts.definition;
  const untried = ids.filter((id) => rows.find(name, id)?.version === '');
  const holding: string[] = [];
  for (const id of untried) {
    const waiting = await rows.waitingOn(name, id);
    if (waiting !== 'all' && waiting.every((child) => types[child.entityType]?.definition.whenParentMissing === 'hold')) holding.push(id);
  }
  if (holding.length === 0) return new Set();
  const found = await parts.destination.find(
    holding.map((id) => ({ origin: { entityType: name, id } })),
    c,
  );
  return new Set(holding.filter((_id, index) => (found[index] ?? []).every(({ removed }) => removed === true)));
}

/** A record that is gone goes the way of a voided one: the removal policy of its type applies. */
export function absentRecord(id: string, now: Instant): SourceRecord {
  return { id, version: now, modified: now, voided: true, body: {} };
}

async function carryAll(
  records: SourceRecord[],
  parts: EntityTypeParts,
  carrying: Carrying,
  { rows }: RetryWork,
  c: Context,
): Promise<Map<SourceRecord, Outcome>> {
  const { outcomes, failures, inStep } = await carry(records, parts, carrying, c);
  await rows.record(failures, c);
  await rows.inStep(inStep, c);
  return new Map(records.flatMap((record, index) => (outcomes[index] ? [[record, outcomes[index]] as const] : [])));
}

/** Those whose state is another than the one carried, as they are now; undefined for one that is gone. */
async function changedSince(
  records: SourceRecord[],
  parts: EntityTypeParts,
  c: Context,
): Promise<Map<string, SourceRecord | Unreadable | undefined>> {
  const now = await parts.source.fetch(
    records.map(({ id }) => id),
    c,
  );
  return new Map(
    records.flatMap((record) => {
      const fresh = now.get(record.id);
      return fresh && !('error' in fresh) && fresh.version === record.version ? [] : [[record.id, fresh] as const];
    }),
  );
}

async function tell(
  record: SourceRecord,
  outcome: Outcome,
  absent: boolean,
  parts: EntityTypeParts,
  work: RetryWork,
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
    await rows.failedAgain(recordErrored(record, parentFailing(outcome.on), parts));
    return 'failing';
  }
  const row = { entityType: parts.definition.name, id: record.id };
  const released = await releaseChildren(row, parts, work, c);
  await rows.settled(row, absent ? { gone: true } : { synced: inStepOf(record, parts) }, released);
  return absent ? 'gone' : 'healed';
}

/** Its state is not known, so it counts as the one its row has. */
async function failUnreadable(record: Unreadable & { id: string }, parts: EntityTypeParts, { rows, now }: RetryWork): Promise<Retried> {
  const { definition, classify } = parts;
  const row = rows.find(definition.name, record.id);
  const { version, stamp } = row ?? { version: record.stamp, stamp: now() };
  await rows.failedAgain({ kind: 'errored', entityType: definition.name, id: record.id, version, stamp, error: classify(record.error) });
  return 'failing';
}
