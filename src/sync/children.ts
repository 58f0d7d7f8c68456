import type { Context, SourceRecord } from '../connectors/connector.js';
import type { Instant } from '../model/instant.js';
import { getOwn } from '../model/keyed.js';
import { keyOf } from '../model/record-key.js';
import type { Arrived, Batch, Surroundings } from './batch.js';
import { triedOf } from './budget.js';
import { heldFailure, unreadableErrored } from './failures-of.js';
import type { RecordFailure, RecordHeld } from './failures.js';
import { listChildren, type Child } from './list-children.js';
import type { Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import { isLeftAlone } from './rows.js';

/** Works records of one type, without what they are owed in turn. */
export type ProcessSteps = (records: SourceRecord[], parts: EntityTypeParts, batch: Batch, c: Context) => Promise<Outcome[]>;

/**
 * The types that may have gone by a record's children while it was not in the destination, in the
 * order they are synced. A type that has no record up to where it got to has gone by none.
 *
 * @throws SystemFailure, Cancelled.
 */
export async function typesGoneBy(
  { created }: Pick<SourceRecord, 'created'>,
  parts: EntityTypeParts,
  { passed, memory }: Pick<Surroundings, 'passed' | 'memory'>,
  c: Context,
): Promise<string[]> {
  const names: string[] = [];
  if (!passed) return names;
  for (const [name, child] of Object.entries(parts.children)) {
    const at = getOwn(passed, name);
    if (!child.source.childrenOf || !mayHaveGoneBy(created, at)) continue;
    if (at === undefined || !(await memory.emptyTypes.isEmpty(child, at, c))) names.push(name);
  }
  return names;
}

/** `at`: where the type got to; null: it was never synced; undefined: not known. */
function mayHaveGoneBy(created: Instant | undefined, at: Instant | null | undefined): at is Instant | undefined {
  return at !== null && (at === undefined || created === undefined || created <= at);
}

/**
 * Makes durable, before these records are written, that their children wait on them: once they are
 * written, nothing else would tell that these had been passed by, were this execution lost.
 */
export async function holdChildren(arriving: Arrived[], batch: Batch, c: Context): Promise<void> {
  for (const { parts, ids, name, child } of families(arriving)) {
    const parentType = parts.definition.name;
    const withChildren = new Set<string>();
    for await (const listed of listChildren(parentType, ids, child, c)) {
      for (const { parentId } of listed) withChildren.add(parentId);
      const failures = listed.flatMap((each) => waitingFailure(each, parts, child, batch));
      if (failures.length === 0) continue;
      await batch.around.rows.record(failures, c);
      for (const failure of failures)
        if (failure.kind === 'held') batch.setWaiting(failure.on, [{ entityType: name, id: failure.id, version: failure.version }]);
    }
    for (const id of ids) if (!withChildren.has(id)) batch.setChildless({ entityType: parentType, id }, name);
  }
}

/**
 * What is recorded of a child before its parent arrives: that it waits, or that it cannot be read.
 */
function waitingFailure({ record, parentId }: Child, parts: EntityTypeParts, child: EntityTypeParts, batch: Batch): RecordFailure[] {
  if (!follows({ record, parentId }, child, batch)) return [];
  if (!('error' in record)) return record.voided ? [] : [heldOn(parts, parentId, record, child)];
  const failure = unreadableErrored(record, child);
  return failure.error.then === 'stop' && batch.around.budget ? [heldOn(parts, parentId, record, child)] : [failure];
}

/**
 * Works the children of records that arrived late, and theirs in turn where those arrive thereby.
 * Those that may not be recorded, or not be tried any more, wait on the row of their parent from
 * now on.
 */
export async function processOwed(batch: Batch, processSteps: ProcessSteps, c: Context): Promise<void> {
  while (batch.owed.length > 0) {
    const arrived = batch.owed;
    batch.owed = [];
    const left = new Set<string>();
    for (const { parts, ids, name, child } of families(arrived))
      for await (const listed of listChildren(parts.definition.name, ids, child, c)) {
        const following = listed.filter((each) => follows(each, child, batch));
        const stays = batch.around.budget?.halted ? following : await processChildren(following, child, batch, processSteps, c);
        for (const { record } of stays) left.add(keyOf({ entityType: name, id: record.id }));
        const held = stays.map(({ record, parentId }) => heldOn(parts, parentId, record, child));
        await batch.around.rows.record(
          held.filter((each) => !batch.isWaiting(each.on, each)),
          c,
        );
      }
    for (const { state } of arrived) {
      const released = batch.takeWaiting(state)?.filter((each) => !left.has(keyOf(each)));
      if (released) batch.inStep.push({ ...state, released });
    }
  }
}

/** @returns those that are to wait on. */
async function processChildren(
  children: Child[],
  parts: EntityTypeParts,
  batch: Batch,
  processSteps: ProcessSteps,
  c: Context,
): Promise<Child[]> {
  const { budget } = batch.around;
  const records = children.flatMap(({ record }) => ('error' in record ? [] : [record]));
  const outcomes = records.length > 0 ? await processSteps(records, parts, batch, c) : [];
  const begin = batch.failures.length;
  for (const { record } of children) if ('error' in record) batch.failures.push(unreadableErrored(record, parts));
  records.forEach((record, index) => {
    const outcome = outcomes[index];
    if (outcome) batch.note(record, outcome, parts);
  });
  if (!budget) return [];
  const failures = batch.failures.splice(begin);
  budget.judge(
    triedOf(
      children.map(({ record }) => record.id),
      failures,
    ),
    parts,
  );
  const recordable = new Set(budget.recordable(failures));
  batch.failures.push(...recordable);
  const withheld = new Set(failures.flatMap((each) => (recordable.has(each) ? [] : [keyOf(each)])));
  return children.filter(({ record: { id } }) => withheld.has(keyOf({ entityType: parts.definition.name, id })));
}

function heldOn(parent: EntityTypeParts, id: string, record: Child['record'], child: EntityTypeParts): RecordHeld {
  return heldFailure(record, { entityType: parent.definition.name, id }, child);
}

/**
 * Whether a child is processed for its parent's sake: not one that comes by itself now, has failed
 * in this state, or lies before where its type begins.
 */
function follows({ record }: Child, child: EntityTypeParts, batch: Batch): boolean {
  const { name: entityType, since } = child.definition;
  const ref = { entityType, id: record.id };
  if (batch.isGiven(ref) || batch.absence(ref)?.kind === 'held') return false;
  const row = batch.around.rows.find(entityType, record.id);
  if ('error' in record) return !row || row.state === 'releasing';
  return !isLeftAlone(row, record.version) && (since === undefined || record.modified > since);
}

interface Family {
  parts: EntityTypeParts;
  ids: string[];
  name: string;
  child: EntityTypeParts;
}

/** Parents of one type with one type of children, those types first that are synced first. */
function families(arrived: Arrived[]): Family[] {
  const found = new Map<string, Family>();
  for (const { parts, state, children } of arrived)
    for (const name of children) {
      const child = getOwn(parts.children, name);
      const key = `${parts.definition.name}\0${name}`;
      const family = found.get(key);
      if (family) family.ids.push(state.id);
      else if (child) found.set(key, { parts, ids: [state.id], name, child });
    }
  const place = ({ child }: Family): number => child.types.indexOf(child);
  return [...found.values()].sort((a, b) => place(a) - place(b));
}
