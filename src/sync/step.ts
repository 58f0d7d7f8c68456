import type { Context, Edit, SourceRecord, WriteOutcome } from '../connectors/connector.js';
import type { Arrived, Batch } from './batch.js';
import type { RecordError } from '../errors/record-error.js';
import { holdChildren, typesGoneBy } from './children.js';
import { inStepOf } from './failures-of.js';
import { leaving, mapAll, requestOf, type Decision, type Item, type Mapped } from './item.js';
import type { MappingScope } from '../mapping/mapping.js';
import type { RecordRef } from '../model/record-key.js';
import { isDone, withoutOutcome, type Outcome } from './outcome.js';
import { lookUpParents } from './look-up-parents.js';
import { findBrought, resolveParents, type Step } from './parents.js';
import { PARENT_AWAITED, type EntityTypeParts } from './parts.js';
import { removeChildren } from './remove-children.js';
import { whileLooking } from './while-looking.js';
import { writeAll } from './write.js';

/** A record on its way into the destination. */
interface Write extends Mapped {
  record: SourceRecord;
}

/** What became of the writes of a step, and which records came to be in the destination by them. */
interface Written {
  outcomes: WriteOutcome[];
  arrived: Set<string>;
}

/**
 * Maps and writes the records of one entity type, whose parents are there or known not to come.
 * Those that were collected for others are noted in the batch. @returns one outcome per item, in
 * order.
 *
 * @throws SystemFailure, Cancelled; Unbalanced for a defect.
 */
export async function processStep(step: Step, batch: Batch, c: Context): Promise<Outcome[]> {
  const { parts, items } = step;
  const { name: entityType } = parts.definition;
  await findBrought(step, batch, c);
  await lookUpParents(items, parts, batch.around.memory, c);
  const { coming, results } = decideByParents(items, parts, batch);
  const origins = coming.map(({ record }) => requestOf(record, parts, 'upsert').origin);
  const { writes, written } = await whileLooking(
    parts.destination,
    origins,
    async (ahead) => {
      const prepared = await prepare(coming, parts, results, c.signal);
      const writes = await afterChildren(prepared, parts, batch, results, c);
      return { writes, written: await write(writes, parts, batch, ahead, c) };
    },
    c,
  );
  writes.forEach(({ record, request, unmapped }, index) => {
    const outcome = outcomeOf(written.outcomes[index], unmapped, parts);
    results.set(record.id, request.action === 'upsert' ? outcome : takenAway({ entityType, id: record.id }, outcome, batch));
  });
  const outcomes: Outcome[] = [];
  for (const { record, why } of items) {
    const outcome = results.get(record.id) ?? withoutOutcome();
    if (written.arrived.has(record.id)) await noteArrival(record, outcome, parts, batch, c);
    if (why === 'parent') batch.note(record, outcome, parts);
    batch.noteAbsence({ entityType, id: record.id }, outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

interface Coming {
  record: SourceRecord;
  decision: Extract<Decision, { kind: 'removal' }> | { kind: 'upsert'; scope: MappingScope };
}

/**
 * Who is to be written or taken away, now that it is known which parents are there; the others have
 * their outcome.
 */
function decideByParents(items: Item[], parts: EntityTypeParts, batch: Batch): { coming: Coming[]; results: Map<string, Outcome> } {
  const results = new Map<string, Outcome>();
  const coming: Coming[] = [];
  for (const item of items) {
    const { record } = item;
    let { decision } = item;
    const resolved = decision.kind === 'upsert' ? resolveParents(item, parts, batch) : undefined;
    if (resolved && 'scope' in resolved) {
      coming.push({ record, decision: { kind: 'upsert', scope: resolved.scope } });
      continue;
    }
    if (resolved && resolved.result !== 'filtered') {
      results.set(record.id, resolved);
      continue;
    }
    if (resolved) decision = leaving(parts.definition.whenNoLonger);
    if (decision.kind === 'removal') coming.push({ record, decision });
    else results.set(record.id, decision.kind === 'errored' ? { result: 'errored', error: decision.error } : { result: 'filtered' });
  }
  return { coming, results };
}

/** Maps what is to be written. Changes `results`, where a mapping fails. */
async function prepare(coming: Coming[], parts: EntityTypeParts, results: Map<string, Outcome>, signal: AbortSignal): Promise<Write[]> {
  const upserts = coming.flatMap(({ record, decision }) => (decision.kind === 'upsert' ? [{ record, scope: decision.scope }] : []));
  const mapped = await mapAll(upserts, parts, signal);
  const byRecord = new Map(upserts.map(({ record }, index) => [record, mapped[index]]));
  return coming.flatMap(({ record, decision }): Write[] => {
    if (decision.kind === 'removal') return [{ record, request: requestOf(record, parts, decision.action), unmapped: [] }];
    const made = byRecord.get(record) ?? withoutOutcome();
    if ('request' in made) return [{ record, ...made }];
    results.set(record.id, made);
    return [];
  });
}

/**
 * Takes away the children of what is to be taken away. Those of which one must stay, stay too.
 * Changes `results`.
 */
async function afterChildren(
  writes: Write[],
  parts: EntityTypeParts,
  batch: Batch,
  results: Map<string, Outcome>,
  c: Context,
): Promise<Write[]> {
  const going = writes.flatMap(({ record, request: { action } }) => (action === 'upsert' ? [] : [{ record, action }]));
  const remaining = await removeChildren(going, parts, batch, c);
  for (const [id, error] of remaining) results.set(id, { result: 'errored', error });
  return writes.filter(({ record }) => !remaining.has(record.id));
}

/**
 * Writes; before records come to be in the destination thereby, their children are made to wait on
 * them.
 */
async function write(
  writes: Write[],
  parts: EntityTypeParts,
  batch: Batch,
  ahead: Parameters<typeof writeAll>[4],
  c: Context,
): Promise<Written> {
  const { passed, rows, late } = batch.around;
  const arrived = new Set<string>();
  const hasFailed = (id: string): boolean => (rows.find(parts.definition.name, id)?.state ?? 'releasing') !== 'releasing';
  const byId = new Map(writes.map(({ record }) => [record.id, record]));
  const arriving: Parameters<typeof writeAll>[3] = async (requests) => {
    const owed: Arrived[] = [];
    for (const { origin } of requests) {
      arrived.add(origin.id);
      // An open row of its own does not close before its children were looked for.
      const record = hasFailed(origin.id) ? undefined : byId.get(origin.id);
      const children = record ? await typesGoneBy(record, parts, batch.around, c) : [];
      if (record && children.length > 0) owed.push({ parts, state: inStepOf(record, parts), children });
    }
    await holdChildren(owed, batch, c);
  };
  const outcomes = await writeAll(
    parts,
    writes.map(({ request }) => request),
    c,
    passed && Object.keys(parts.children).length > 0 ? arriving : undefined,
    ahead,
  );
  writes.forEach(({ record: { id }, request }, index) => {
    const outcome = outcomes[index];
    // One that failed until now may have arrived, or lost its children, in a try that did not end.
    const mended = request.action === 'upsert' && (hasFailed(id) || late === true);
    if (outcome?.kind === 'created' || (outcome && 'revived' in outcome) || mended) arrived.add(id);
  });
  return { outcomes, arrived };
}

/** What a write's outcome means for its record. */
function outcomeOf(outcome: WriteOutcome | undefined, unmapped: string[], { definition }: EntityTypeParts): Outcome {
  switch (outcome?.kind) {
    case 'updated':
      return { result: 'updated', unmapped, ...(outcome.adopted ? { adopted: true } : {}), ...editedOf(outcome) };
    case 'unchanged':
      return { result: 'unchanged', unmapped, ...editedOf(outcome) };
    case 'created':
    case 'removed':
      return { result: outcome.kind, unmapped };
    case 'absent':
      return { result: 'filtered' };
    case 'refused':
      return outcome.parentGone ? withoutParent(outcome.error, definition.whenParentMissing) : { result: 'errored', error: outcome.error };
    default:
      return withoutOutcome();
  }
}

/** As where it was not found: what waits has a row of its own, and comes once it is valid. */
function withoutParent(error: RecordError, policy: EntityTypeParts['definition']['whenParentMissing']): Outcome {
  if (policy === 'filter') return { result: 'filtered' };
  return policy === 'hold' ? { result: 'held', error: { ...error, code: PARENT_AWAITED } } : { result: 'errored', error };
}

function editedOf({ edited }: { edited?: Edit }): { edited?: true } {
  return edited ? { edited: true } : {};
}

/**
 * The outcome of one that is removed or marked: those of its children that were made to wait on it
 * are gone as it is.
 */
function takenAway(record: RecordRef, outcome: Outcome, batch: Batch): Outcome {
  batch.around.memory.forget(record.entityType, record.id);
  batch.setAbsence(record, { kind: 'filtered' });
  if (!isDone(outcome)) return outcome;
  const released = batch.takeWaiting(record);
  return released ? { ...outcome, released } : outcome;
}

/** One that came to be in the destination is owed the children that had been passed by. */
async function noteArrival(record: SourceRecord, outcome: Outcome, parts: EntityTypeParts, batch: Batch, c: Context): Promise<void> {
  if (!['created', 'updated', 'unchanged'].includes(outcome.result)) return;
  const ref = { entityType: parts.definition.name, id: record.id };
  const goneBy = await typesGoneBy(record, parts, batch.around, c);
  const children = goneBy.filter((child) => !batch.isChildless(ref, child));
  if (children.length > 0) batch.owed.push({ parts, state: inStepOf(record, parts), children });
}
