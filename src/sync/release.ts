import type { Context } from '../connectors/connector.js';
import { keyOf } from './attempt.js';
import type { Carrying } from './carry.js';
import { carryFresh, type Fresh } from './carry-fresh.js';
import { doneOf, heldFailure, recordErrored, unfetched, unreadableErrored } from './failures-of.js';
import type { RecordErrored, RecordFailure } from './failures.js';
import { triedOf } from './judging.js';
import { Memory } from './memory.js';
import { parentFailing, type EntityTypeParts } from './parts.js';
import type { Retrying } from './retry.js';
import type { InStep, WaitingChild } from './rows.js';

interface ReleaseWork extends Retrying {
  parent: { entityType: string; id: string };
  /** All children that are listed: by `keyOf`. Absent: the source lists them. */
  given?: ReadonlySet<string>;
  /** Those that wait on their parent still: by `keyOf`. */
  still: Set<string>;
}

/** Records carried at once. */
const BATCH = 200;

/**
 * Carries the children that waited on a record, read afresh, type by type in the order of the process. One that fails now gets a row of its own.
 *
 * @returns those that need not wait there any more, as they were listed; undefined: none was listed, and some wait still.
 */
export async function releaseChildren(
  parent: { entityType: string; id: string },
  waiting: WaitingChild[] | 'all',
  parts: EntityTypeParts,
  work: Retrying,
  c: Context,
): Promise<WaitingChild[] | 'all' | undefined> {
  const still = new Set<string>();
  const given = waiting === 'all' ? {} : { given: new Set(waiting.map(({ entityType, id }) => keyOf(entityType, id))) };
  const release: ReleaseWork = { ...work, parent, still, ...given };
  for (const child of Object.values(work.types)) {
    const { name } = child.definition;
    if (waiting === 'all') {
      if (Object.hasOwn(parts.children, name)) await carryListed(child, release, c);
      continue;
    }
    const ids = waiting.flatMap(({ entityType, id }) => (entityType === name ? [id] : []));
    for (let start = 0; start < ids.length; start += BATCH) await carryIds(ids.slice(start, start + BATCH), child, release, c);
  }
  if (waiting === 'all') return still.size === 0 ? 'all' : undefined;
  return waiting.filter(({ entityType, id }) => !still.has(keyOf(entityType, id)));
}

async function carryIds(ids: string[], parts: EntityTypeParts, work: ReleaseWork, c: Context): Promise<void> {
  const found = await parts.source.fetch(ids, c);
  await carryChildren(new Map(ids.map((id) => [id, found.get(id)])), parts, work, c);
}

async function carryListed(parts: EntityTypeParts, work: ReleaseWork, c: Context): Promise<void> {
  let batch: Fresh = new Map();
  for await (const record of parts.source.childrenOf?.(work.parent, c) ?? []) {
    // One that is listed twice, since it changed meanwhile, is carried as it is now.
    batch.set('error' in record ? unreadableErrored(record, parts).id : record.id, record);
    if (batch.size < BATCH) continue;
    await carryChildren(batch, parts, work, c);
    batch = new Map();
  }
  await carryChildren(batch, parts, work, c);
}

/** Those that may not be recorded, or not be tried any more, wait on as they do. */
async function carryChildren(found: Fresh, parts: EntityTypeParts, work: ReleaseWork, c: Context): Promise<void> {
  const { rows, given, parent, still, judging } = work;
  const waitsOn = (id: string): void => void still.add(keyOf(parts.definition.name, id));
  if (judging.halted) return [...found.keys()].forEach(waitsOn);
  // Late or not is not known here: what depends on them in turn is looked for; where none is listed, also below those that are there.
  const carrying: Carrying = { memory: new Memory(), rows, judging, passed: {}, retrying: true, ...(given ? { given } : { late: true }) };
  const { settled, unreadable } = await carryFresh(found, parts, carrying, work, c);
  const { name } = parts.definition;
  const failures: RecordFailure[] = unreadable.map((record) => unfetched(record, rows.find(name, record.id), parts));
  const waiting: RecordErrored[] = [];
  const inStep: InStep[] = [];
  for (const { record, outcome } of settled) {
    if (outcome.fate === 'errored') failures.push(recordErrored(record, outcome.error, parts));
    else if (outcome.fate === 'held') {
      failures.push(heldFailure(record, outcome.on, parts));
      if (rows.find(name, record.id)) waiting.push(recordErrored(record, parentFailing(outcome.on), parts));
      if (keyOf(outcome.on.entityType, outcome.on.id) === keyOf(parent.entityType, parent.id)) waitsOn(record.id);
    } else inStep.push(doneOf(record, outcome, parts));
  }
  // In the order in which they waited.
  const tried = new Set([...settled.map(({ record }) => record.id), ...unreadable.map(({ id }) => id)]);
  const inOrder = [...found.keys()].filter((id) => tried.has(id));
  judging.judge(triedOf(inOrder, failures), parts);
  const recorded = judging.recordable(failures);
  for (const failure of failures) if (!recorded.includes(failure)) waitsOn(failure.id);
  // One that has a row of its own was tried once more, for whatever reason it failed before.
  const again = recorded.flatMap((failure) => (failure.kind === 'errored' && rows.find(name, failure.id) ? [failure] : []));
  await Promise.all([...again, ...waiting].map((failure) => rows.failedAgain(failure, false)));
  await rows.record(
    recorded.filter((failure) => !again.some((each) => each === failure)),
    c,
  );
  await rows.inStep(inStep, c);
  work.onReleased?.(inStep.length);
}
