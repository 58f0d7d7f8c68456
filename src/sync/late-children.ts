import type { Context, Instant, SourceRecord } from '../connectors/connector.js';
import { keyOf, type Arrived, type Attempt } from './attempt.js';
import { addBeside, nothingBeside, takeDown, type Beside } from './beside.js';
import { carry, type Carried, type Carrying } from './carry.js';
import { childrenOf, type Child } from './children-of.js';
import { heldFailure, unreadableErrored } from './failures-of.js';
import type { RecordFailure, RecordHeld } from './failures.js';
import { triedOf } from './judging.js';
import type { EntityTypeParts } from './parts.js';
import { isLeftAlone, type Rows } from './rows.js';
import { getOwn } from '../model/keyed.js';

type Within = Carrying & { attempt: Attempt };

/**
 * The types that may have gone by a record's children while it was not in the destination, in the order they are synced. A type that has no record up to where it got to has
 * gone by none.
 *
 * @throws SystemFailure, Cancelled
 */
export async function typesGoneBy(
  { created }: Pick<SourceRecord, 'created'>,
  parts: EntityTypeParts,
  { passed, memory }: Pick<Carrying, 'passed' | 'memory'>,
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
 * Makes durable, before these records are written, that their children wait on them: once they are written, nothing else would tell that these
 * had been passed by, were this execution lost.
 */
export async function holdChildren(arriving: Arrived[], carrying: Within, c: Context): Promise<void> {
  const { rows, attempt } = carrying;
  for (const { parts, ids, name, child } of families(arriving)) {
    const withChildren = new Set<string>();
    for await (const batch of childrenOf(parts.definition.name, ids, child, c)) {
      for (const { parentId } of batch) withChildren.add(parentId);
      const failures = batch.flatMap(({ record, parentId }): RecordFailure[] => {
        if (!isTried({ record, parentId }, name, child, rows, attempt)) return [];
        if ('error' in record) {
          const failure = unreadableErrored(record, child);
          return carrying.judging?.stops(failure) ? [heldOn(parts, parentId, record, child)] : [failure];
        }
        return record.voided ? [] : [heldOn(parts, parentId, record, child)];
      });
      if (failures.length === 0) continue;
      await rows.record(failures, c);
      for (const failure of failures)
        if (failure.kind === 'held')
          attempt.setWaiting(failure.on.entityType, failure.on.id, [{ entityType: name, id: failure.id, version: failure.version }]);
    }
    for (const id of ids) if (!withChildren.has(id)) attempt.setChildless(parts.definition.name, id, name);
  }
}

/**
 * Carries the children of records that arrived late, and theirs in turn where those arrive thereby. Those that may not be recorded, or not be tried any more, wait on the row
 * of their parent from now on. Changes `beside`.
 */
export async function carryLate(arrived: Arrived[], carrying: Within, beside: Beside, c: Context): Promise<void> {
  const { rows, attempt, judging } = carrying;
  const left = new Set<string>();
  for (const { parts, ids, name, child } of families(arrived))
    for await (const listed of childrenOf(parts.definition.name, ids, child, c)) {
      const batch = listed.filter((each) => isTried(each, name, child, rows, attempt));
      const stays = judging?.halted ? batch : await carryBatch(batch, child, carrying, beside, c);
      for (const { record } of stays) left.add(keyOf(name, record.id));
      const held = stays.map(({ record, parentId }) => heldOn(parts, parentId, record, child));
      await rows.record(
        held.filter((each) => !attempt.isWaiting(each.on.entityType, each.on.id, each)),
        c,
      );
    }
  for (const { state } of arrived) {
    const released = attempt.takeWaiting(state.entityType, state.id)?.filter(({ entityType, id }) => !left.has(keyOf(entityType, id)));
    if (released) beside.inStep.push({ ...state, released });
  }
}

const nobody: Carried = { outcomes: [], ...nothingBeside() };

/** @returns those that are to wait on. */
async function carryBatch(batch: Child[], child: EntityTypeParts, carrying: Within, beside: Beside, c: Context): Promise<Child[]> {
  const { attempt, judging } = carrying;
  const records = batch.flatMap(({ record }) => ('error' in record ? [] : [record]));
  const apart = attempt.apart();
  const { outcomes, ...more } = records.length > 0 ? await carry(records, child, { ...carrying, attempt: apart }, c) : nobody;
  const came: Beside = {
    ...nothingBeside(),
    failures: batch.flatMap(({ record }) => ('error' in record ? [unreadableErrored(record, child)] : [])),
  };
  takeDown(records, outcomes, child, attempt, came);
  judging?.judge(
    triedOf(
      batch.map(({ record }) => record.id),
      came.failures,
    ),
    child,
  );
  addBeside(came, more);
  const recorded = new Set(judging ? judging.recordable(came.failures) : came.failures);
  const withheld = new Set(came.failures.flatMap((each) => (recorded.has(each) ? [] : [keyOf(each.entityType, each.id)])));
  addBeside(beside, { ...came, failures: [...recorded] });
  await carryLate(apart.arrived, carrying, beside, c);
  return batch.filter(({ record }) => withheld.has(keyOf(child.definition.name, record.id)));
}

function heldOn(parent: EntityTypeParts, id: string, record: Child['record'], child: EntityTypeParts): RecordHeld {
  return heldFailure(record, { entityType: parent.definition.name, id }, child);
}

/** Whether a child is carried for its parent's sake: not one that comes by itself now, has failed in this state, or lies before where its type begins. */
function isTried({ record }: Child, name: string, child: EntityTypeParts, rows: Rows, attempt: Attempt): boolean {
  if (attempt.isGiven(name, record.id) || attempt.fate(name, record.id)?.kind === 'held') return false;
  const row = rows.find(name, record.id);
  if ('error' in record) return !row || row.state === 'releasing';
  const { since } = child.definition;
  return !isLeftAlone(row, record.version) && (since === undefined || record.modified > since);
}

/** Parents of one type with one type of children, those types first that are synced first. */
function families(arrived: Arrived[]): { parts: EntityTypeParts; ids: string[]; name: string; child: EntityTypeParts }[] {
  const found = new Map<string, { parts: EntityTypeParts; ids: string[]; name: string; child: EntityTypeParts }>();
  for (const { parts, state, children } of arrived)
    for (const name of children) {
      const child = getOwn(parts.children, name);
      const key = `${parts.definition.name}\0${name}`;
      const family = found.get(key);
      if (family) family.ids.push(state.id);
      else if (child) found.set(key, { parts, ids: [state.id], name, child });
    }
  return [...found.values()];
}
