import type { Context, SourceRecord, WriteRequest } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import { addBeside, nothingBeside, type Beside } from './beside.js';
import type { Carrying } from './carry.js';
import { childrenOf, type Child } from './children-of.js';
import { recordErrored, unreadableErrored, inStepOf } from './failures-of.js';
import { firstName } from './parents.js';
import type { EntityTypeParts } from './parts.js';
import { requestOf } from './request-of.js';
import { writeAll } from './write-all.js';

/** A record that is to be removed or marked. */
export interface Leaving {
  record: Pick<SourceRecord, 'id' | 'version'>;
  action: Exclude<WriteRequest['action'], 'upsert'>;
}

/** `remaining`: records that must stay for now, since a child of theirs could not be taken away. */
export interface ChildrenRemoved extends Beside {
  remaining: Map<string, RecordError>;
}

/**
 * Takes away, by their own `whenNoLonger`, the children of records that are about to be removed or marked, and theirs before them. Only those that
 * are in the destination have their children listed: they are looked up in one call.
 */
export async function removeChildren(leaving: Leaving[], parts: EntityTypeParts, carrying: Carrying, c: Context): Promise<ChildrenRemoved> {
  const result: ChildrenRemoved = { ...nothingBeside(), remaining: new Map() };
  const children = Object.entries(parts.children).filter(
    ([name, child]) => child.source.childrenOf && child.definition.whenNoLonger !== 'keep' && carrying.passed?.[name] !== null,
  );
  if (leaving.length === 0 || children.length === 0) return result;
  const there = await thoseThere(leaving, parts, c);
  // Last synced, first removed: what refers to another goes before it.
  for (const [, child] of children.reverse())
    for await (const batch of childrenOf(parts.definition.name, there, child, c)) await removeBatch(batch, child, carrying, result, c);
  return result;
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

async function removeBatch(batch: Child[], child: EntityTypeParts, carrying: Carrying, result: ChildrenRemoved, c: Context): Promise<void> {
  const action = child.definition.whenNoLonger === 'mark' ? 'mark' : 'remove';
  const leaving = batch.map(({ record, parentId }) => ({ record: stateOf(record), action, parentId, source: record }) as const);
  const before = await removeChildren(leaving, child, carrying, c);
  addBeside(result, before);
  const going = leaving.filter(({ record, parentId }) => {
    const error = before.remaining.get(record.id);
    if (error) result.remaining.set(parentId, error);
    return !error;
  });
  const outcomes = await writeAll(
    child.destination,
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
