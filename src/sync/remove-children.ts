import type { Context, SourceRecord, WriteRequest } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import { addBeside, nothingBeside, type Beside } from './beside.js';
import type { Attempt } from './attempt.js';
import type { Carrying } from './carry.js';
import { childrenOf, type Child } from './children-of.js';
import { heldFailure, inStepOf, recordErrored, unreadableErrored } from './failures-of.js';
import { mayMeet } from './others.js';
import { firstName } from './parents.js';
import type { EntityTypeParts } from './parts.js';
import { requestOf } from './request-of.js';
import { isLeftAlone } from './rows.js';
import { writeAll } from './write-all.js';
import { getOwn } from '../model/keyed.js';

/** A record that is to be removed or marked. */
export interface Leaving {
  record: Pick<SourceRecord, 'id' | 'version'>;
  action: Exclude<WriteRequest['action'], 'upsert'>;
  /** The record for whose sake it goes, where that is not its own. */
  root?: { entityType: string; id: string };
}

type Within = Carrying & { attempt: Attempt };

/** `remaining`: records that must stay for now, since a child of theirs could not be taken away. */
export interface ChildrenRemoved extends Beside {
  remaining: Map<string, RecordError>;
}

/**
 * Takes away, by their own `whenNoLonger`, the children of records that are about to be removed or marked, and theirs before them. Only those that
 * are in the destination have their children listed: they are looked up in one call. Before they go, they are durably made to wait on the record for whose sake they do:
 * were this execution lost before that one goes too, and it valid again by the next try, nothing else would tell that they are to come back.
 */
export async function removeChildren(leaving: Leaving[], parts: EntityTypeParts, carrying: Within, c: Context): Promise<ChildrenRemoved> {
  const result: ChildrenRemoved = { ...nothingBeside(), remaining: new Map() };
  const children = removable(parts, carrying);
  if (leaving.length === 0 || children.length === 0) return result;
  const there = await thoseThere(leaving, parts, c);
  const roots = new Map(leaving.map(({ record: { id }, root }) => [id, root ?? { entityType: parts.definition.name, id }]));
  for (const child of children)
    for await (const batch of childrenOf(parts.definition.name, there, child, c)) {
      const rooted = batch.map((each) => ({
        ...each,
        root: roots.get(each.parentId) ?? { entityType: parts.definition.name, id: each.parentId },
      }));
      await makeWait(rooted, child, carrying, c);
      await removeBatch(rooted, child, carrying, result, c);
    }
  return result;
}

/**
 * Takes away children that came to be in the destination while their parents went: whoever wrote them had found the parents there still. To be called once these are gone, so
 * that of two that cross each other one sees the other.
 */
export async function removeLeft(parentIds: string[], parts: EntityTypeParts, carrying: Within, c: Context): Promise<Beside> {
  const result: ChildrenRemoved = { ...nothingBeside(), remaining: new Map() };
  if (parentIds.length === 0) return result;
  const entityType = parts.definition.name;
  for (const child of removable(parts, carrying))
    for await (const batch of childrenOf(entityType, parentIds, child, c)) {
      const action = actionOf(child);
      const there = new Set(
        await thoseThere(
          batch.map(({ record }) => ({ record: stateOf(record), action })),
          child,
          c,
        ),
      );
      const left = batch.flatMap((each) => (there.has(each.record.id) ? [{ ...each, root: { entityType, id: each.parentId } }] : []));
      if (left.length === 0) continue;
      await makeWait(left, child, carrying, c);
      await removeBatch(left, child, carrying, result, c);
    }
  return result;
}

/** The types whose records go with one of these, last synced, first removed: what refers to another goes before it. */
function removable(parts: EntityTypeParts, { passed }: Within): EntityTypeParts[] {
  return Object.entries(parts.children)
    .flatMap(([name, child]) =>
      child.source.childrenOf && child.definition.whenNoLonger !== 'keep' && getOwn(passed, name) !== null ? [child] : [],
    )
    .reverse();
}

function actionOf(child: EntityTypeParts): Leaving['action'] {
  return child.definition.whenNoLonger === 'mark' ? 'mark' : 'remove';
}

/** Those that are in the destination and, where they are to be marked, are not so already. */
async function thoseThere(leaving: Leaving[], parts: EntityTypeParts, c: Context): Promise<string[]> {
  const entityType = parts.definition.name;
  const found = await parts.destination.find(
    leaving.map(({ record }) => ({ origin: { entityType, id: record.id }, name: firstName(parts) })),
    c,
  );
  return leaving.flatMap(({ record, action }, index) =>
    (found[index] ?? []).some((each) => each.replacedBy === undefined && (action === 'remove' || each.removed !== true)) ? [record.id] : [],
  );
}

type Rooted = Child & { root: NonNullable<Leaving['root']> };

/** Has each wait that would come back with its root: not one that is durably to be carried by itself. */
async function makeWait(batch: Rooted[], child: EntityTypeParts, { rows, attempt }: Within, c: Context): Promise<void> {
  const { name, since } = child.definition;
  const waiting = batch.flatMap(({ record, root }) => {
    if ('error' in record || record.voided || (since !== undefined && record.modified <= since)) return [];
    if (attempt.isGiven(name, record.id) || isLeftAlone(rows.find(name, record.id), record.version)) return [];
    const held = heldFailure(record, root, child);
    return attempt.isWaiting(root.entityType, root.id, held) ? [] : [held];
  });
  if (waiting.length === 0) return;
  await rows.record(waiting, c);
  for (const { entityType, id, version, on } of waiting) attempt.setWaiting(on.entityType, on.id, [{ entityType, id, version }]);
}

async function removeBatch(batch: Rooted[], child: EntityTypeParts, carrying: Within, result: ChildrenRemoved, c: Context): Promise<void> {
  const action = actionOf(child);
  const leaving = batch.map(({ record, parentId, root }) => ({ record: stateOf(record), action, parentId, root, source: record }) as const);
  const before = await removeChildren(leaving, child, carrying, c);
  addBeside(result, before);
  const going = leaving.filter(({ record, parentId }) => {
    const error = before.remaining.get(record.id);
    if (error) result.remaining.set(parentId, error);
    return !error;
  });
  const outcomes = await writeAll(
    child,
    going.map(({ record }) => requestOf(record, child, action)),
    c,
  );
  going.forEach(({ record, parentId, source }, index) => {
    const outcome = outcomes[index];
    carrying.memory.forget(child.definition.name, record.id);
    if (outcome?.kind === 'refused') {
      result.failures.push(
        'error' in source ? unreadableErrored({ ...source, error: outcome.error }, child) : recordErrored(source, outcome.error, child),
      );
      result.remaining.set(parentId, remains(child));
    } else if (!('error' in source)) result.inStep.push(inStepOf(source, child));
  });
  if (!mayMeet(child, 'family', carrying)) return;
  const gone = going.flatMap(({ record }, index) => (outcomes[index]?.kind === 'refused' ? [] : [record.id]));
  addBeside(result, await removeLeft(gone, child, carrying, c));
}

function stateOf(record: Child['record']): Leaving['record'] {
  return { id: record.id, version: 'error' in record ? record.stamp : record.version };
}

function remains(child: EntityTypeParts): RecordError {
  return {
    code: 'ChildrenRemain',
    message: `It cannot be taken away before its ${child.definition.name} records, and one of them could not be.`,
    remedy: 'Correct the record that depends on it, by its own error; this one is tried again by itself.',
  };
}
