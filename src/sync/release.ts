import type { Context } from '../connectors/connector.js';
import { keyOf, type RecordRef } from '../model/record-key.js';
import type { Surroundings } from './batch.js';
import { triedOf } from './budget.js';
import { doneOf, failureOfHeld, recordErrored, unfetched, unreadableErrored } from './failures-of.js';
import type { RecordErrored, RecordFailure } from './failures.js';
import { processFresh, type Fresh, type Settled } from './fresh.js';
import { Memory } from './memory.js';
import { isDone } from './outcome.js';
import { parentFailing, type EntityTypeParts } from './parts.js';
import type { RetryWork } from './retry-work.js';
import type { WaitingChild } from '../model/waiting-child.js';

/** The release of the children of one record. */
interface Release extends RetryWork {
  parent: RecordRef;
  /** All children that are listed: by `keyOf`. Absent: the source lists them. */
  given?: ReadonlySet<string>;
  /** Those that wait on their parent still: by `keyOf`. */
  still: Set<string>;
}

/** Records processed at once. */
const BATCH = 200;

/**
 * Processes the children that waited on a record, read afresh, type by type in the order of the
 * process. One that fails now gets a row of its own.
 *
 * @returns those that need not wait there any more, as they were listed; undefined: none was
 * listed, and some wait still.
 */
export async function releaseChildren(
  parent: RecordRef,
  waiting: WaitingChild[] | 'all',
  parts: EntityTypeParts,
  work: RetryWork,
  c: Context,
): Promise<WaitingChild[] | 'all' | undefined> {
  const still = new Set<string>();
  const release: Release = { ...work, parent, still, ...(waiting === 'all' ? {} : { given: new Set(waiting.map(keyOf)) }) };
  for (const child of parts.types) {
    const { name } = child.definition;
    if (waiting === 'all') {
      if (Object.hasOwn(parts.children, name)) await releaseListed(child, release, c);
      continue;
    }
    const ids = waiting.flatMap(({ entityType, id }) => (entityType === name ? [id] : []));
    for (let start = 0; start < ids.length; start += BATCH) await releaseIds(ids.slice(start, start + BATCH), child, release, c);
  }
  if (waiting === 'all') return still.size === 0 ? 'all' : undefined;
  return waiting.filter((child) => !still.has(keyOf(child)));
}

async function releaseIds(ids: string[], parts: EntityTypeParts, release: Release, c: Context): Promise<void> {
  const found = await parts.source.fetch(ids, c);
  await releaseSome(new Map(ids.map((id) => [id, found.get(id)])), parts, release, c);
}

async function releaseListed(parts: EntityTypeParts, release: Release, c: Context): Promise<void> {
  let batch: Fresh = new Map();
  for await (const record of parts.source.childrenOf?.(release.parent, c) ?? []) {
    // One that is listed twice, since it changed meanwhile, is processed as it is now.
    batch.set('error' in record ? unreadableErrored(record, parts).id : record.id, record);
    if (batch.size < BATCH) continue;
    await releaseSome(batch, parts, release, c);
    batch = new Map();
  }
  await releaseSome(batch, parts, release, c);
}

/** Those that may not be recorded, or not be tried any more, wait on as they do. */
async function releaseSome(found: Fresh, parts: EntityTypeParts, release: Release, c: Context): Promise<void> {
  const { rows, given, still, budget } = release;
  const { name: entityType } = parts.definition;
  const waitsOn = (id: string): void => void still.add(keyOf({ entityType, id }));
  if (budget.halted) return [...found.keys()].forEach(waitsOn);
  // Late or not is not known here: what depends on them in turn is looked for; where none is
  // listed, also below those that are there.
  const around: Surroundings = { memory: new Memory(), rows, budget, passed: {}, ...(given ? { given } : { late: true }) };
  const { settled, unreadable } = await processFresh(found, parts, around, release, c);
  const failures: RecordFailure[] = [
    ...unreadable.map((record) => unfetched(record, rows.find(entityType, record.id), parts)),
    ...settled.flatMap((each) => failureOf(each, parts)),
  ];
  for (const failure of failures) if (failure.kind === 'held' && keyOf(failure.on) === keyOf(release.parent)) waitsOn(failure.id);
  // In the order in which they waited.
  budget.judge(triedOf([...found.keys()], failures), parts);
  const recorded = budget.recordable(failures);
  for (const failure of failures) if (!recorded.includes(failure)) waitsOn(failure.id);
  await tellRows(recorded, parts, release, c);
  const inStep = settled.flatMap(({ record, outcome }) => (isDone(outcome) ? [doneOf(record, outcome, parts)] : []));
  await rows.inStep(inStep, c);
  release.onReleased?.(inStep.length);
}

function failureOf({ record, outcome }: Settled, parts: EntityTypeParts): RecordFailure[] {
  if (outcome.result === 'errored') return [recordErrored(record, outcome.error, parts)];
  return outcome.result === 'held' ? [failureOfHeld(record, outcome, parts)] : [];
}

/** One that has a row of its own was tried once more, for whatever reason it failed before. */
async function tellRows(recorded: RecordFailure[], parts: EntityTypeParts, { rows }: Release, c: Context): Promise<void> {
  const again: RecordErrored[] = [];
  const rest: RecordFailure[] = [];
  for (const failure of recorded) {
    const hasRow = rows.find(failure.entityType, failure.id) !== undefined;
    if (failure.kind === 'errored' && hasRow) again.push(failure);
    else rest.push(failure);
    if (failure.kind === 'held' && hasRow) again.push({ ...failure, kind: 'errored', error: parts.classify(parentFailing(failure.on)) });
  }
  await Promise.all(again.map((failure) => rows.failedAgain(failure)));
  await rows.record(rest, c);
}
