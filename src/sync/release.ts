import type { Context, SourceRecord, Unreadable } from '../connectors/connector.js';
import { keyOf } from './attempt.js';
import { carry, type Carrying } from './carry.js';
import { heldFailure, inStepOf, isReadable, recordErrored, unreadableErrored } from './failures-of.js';
import type { RecordFailure } from './failures.js';
import { Memory } from './memory.js';
import type { EntityTypeParts } from './parts.js';
import { absentRecord, type RetryWork } from './retry.js';
import type { InStep, WaitingChild } from './rows.js';

interface ReleaseWork extends RetryWork {
  /** All children that are listed: by `keyOf`. */
  given?: ReadonlySet<string> | undefined;
}

/** Records carried at once. */
const BATCH = 200;

/**
 * Carries the children that waited on a record, read afresh, type by type in the order of the process. One that fails now gets a row of its own.
 * @returns the children as they were listed, for the row to strike out.
 */
export async function releaseChildren(
  parent: { entityType: string; id: string },
  parts: EntityTypeParts,
  work: RetryWork,
  c: Context,
): Promise<WaitingChild[] | 'all' | undefined> {
  if ((work.rows.find(parent.entityType, parent.id)?.waiting ?? 0) === 0) return undefined;
  const waiting = await work.rows.waitingOn(parent.entityType, parent.id);
  const given = waiting === 'all' ? undefined : new Set(waiting.map(({ entityType, id }) => keyOf(entityType, id)));
  for (const child of Object.values(work.types)) {
    const { name } = child.definition;
    if (waiting === 'all') {
      if (name in parts.children) await carryListed(child, parent, work, c);
      continue;
    }
    const ids = waiting.flatMap(({ entityType, id }) => (entityType === name ? [id] : []));
    for (let start = 0; start < ids.length; start += BATCH) await carryIds(ids.slice(start, start + BATCH), child, { ...work, given }, c);
  }
  return waiting;
}

async function carryIds(ids: string[], parts: EntityTypeParts, work: ReleaseWork, c: Context): Promise<void> {
  const found = await parts.source.fetch(ids, c);
  if (ids.some((id) => !found.has(id))) await work.expectHealthy(c);
  await carryChildren(
    ids.map((id) => found.get(id) ?? absentRecord(id, work.now())),
    parts,
    work,
    c,
  );
}

async function carryListed(parts: EntityTypeParts, parent: { entityType: string; id: string }, work: RetryWork, c: Context): Promise<void> {
  let batch: (SourceRecord | Unreadable)[] = [];
  for await (const record of parts.source.childrenOf?.(parent, c) ?? []) {
    batch.push(record);
    if (batch.length < BATCH) continue;
    await carryChildren(batch, parts, work, c);
    batch = [];
  }
  await carryChildren(batch, parts, work, c);
}

async function carryChildren(
  found: (SourceRecord | Unreadable)[],
  parts: EntityTypeParts,
  { rows, given }: ReleaseWork,
  c: Context,
): Promise<void> {
  // Late or not is not known here: what depends on them in turn is looked for.
  const carrying: Carrying = { memory: new Memory(), rows, passed: {}, ...(given ? { given } : {}) };
  const failures: RecordFailure[] = found.flatMap((record) => ('error' in record ? [unreadableErrored(record, parts)] : []));
  const records = found.filter(isReadable);
  const result = await carry(records, parts, carrying, c);
  const inStep: InStep[] = [...result.inStep];
  records.forEach((record, index) => {
    const outcome = result.outcomes[index];
    if (outcome?.fate === 'errored') failures.push(recordErrored(record, outcome.error, parts));
    else if (outcome?.fate === 'held') failures.push(heldFailure(record, outcome.on, parts));
    else inStep.push(inStepOf(record, parts));
  });
  await rows.record([...result.failures, ...failures], c);
  await rows.inStep(inStep, c);
}
