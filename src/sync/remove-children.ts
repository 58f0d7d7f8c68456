import type { Context, SourceRecord } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import { getOwn } from '../model/keyed.js';
import { keyOf, type RecordRef } from '../model/record-key.js';
import type { Batch } from './batch.js';
import { heldFailure, inStepOf, recordErrored, unreadableErrored } from './failures-of.js';
import { requestOf } from './item.js';
import { listChildren, type Child } from './list-children.js';
import { firstName, type EntityTypeParts } from './parts.js';
import { isLeftAlone } from './rows.js';
import { writeAll } from './write.js';

/** A record that is to be removed or marked for its own sake. */
export interface Leaving {
  record: Pick<SourceRecord, 'id' | 'version'>;
  action: 'remove' | 'mark';
}

/** A record that goes with those it depends on. */
interface Going {
  record: Child['record'];
  /** Those it goes with: what cannot go keeps them. */
  parents: RecordRef[];
  /** The record for whose sake it goes. */
  root: RecordRef;
}

/** Those of one type that go, by their id. */
type Level = Map<string, Going>;

/** Records written at once. */
const BATCH = 200;

const REMAINS = 'ChildrenRemain';

/**
 * Takes away, by their own `whenNoLonger`, all that depends on records which are about to be
 * removed or marked: what is furthest from them first. Before they go, they are durably made to
 * wait on the record for whose sake they do: were this execution lost before that one goes too, and
 * it valid again by the next try, nothing else would tell that they are to come back.
 *
 * @returns those that must stay for now, since something that depends on them could not be taken
 * away, with their error.
 */
export async function removeChildren(
  leaving: Leaving[],
  parts: EntityTypeParts,
  batch: Batch,
  c: Context,
): Promise<Map<string, RecordError>> {
  const remaining = new Map<string, RecordError>();
  if (leaving.length === 0) return remaining;
  const levels = await collectGoing(leaving, parts, batch, remaining, c);
  for (const type of [...parts.types].reverse()) {
    const level = levels.get(type.definition.name);
    if (!level || type === parts) continue;
    const going = [...level.values()];
    for (let start = 0; start < going.length; start += BATCH) await remove(going.slice(start, start + BATCH), type, batch, remaining, c);
  }
  const own = leaving.flatMap(({ record: { id } }): [string, RecordError][] => {
    const error = remaining.get(keyOf({ entityType: parts.definition.name, id }));
    return error ? [[id, error]] : [];
  });
  return new Map(own);
}

/**
 * By type, all that depends on what leaves, as far as it is in the destination; each is made to
 * wait on the record it goes for.
 */
async function collectGoing(
  leaving: Leaving[],
  parts: EntityTypeParts,
  batch: Batch,
  remaining: Map<string, RecordError>,
  c: Context,
): Promise<Map<string, Level>> {
  const levels = new Map<string, Level>();
  for (const type of parts.types) {
    const { name } = type.definition;
    const level = levels.get(name);
    const leaves =
      type === parts ? leaving : [...(level?.values() ?? [])].map(({ record }) => ({ record: stateOf(record), action: actionOf(type) }));
    const children = removable(type, batch);
    if (leaves.length === 0 || children.length === 0) continue;
    const there = await thoseThere(leaves, type, remaining, c);
    for (const child of children)
      for await (const listed of listChildren(name, there, child, c)) {
        const going = listed.map(({ record, parentId }) => {
          const parent = { entityType: name, id: parentId };
          return { record, parents: [parent], root: level?.get(parentId)?.root ?? parent };
        });
        await makeWait(going, child, batch, c);
        levels.set(child.definition.name, withMore(levels.get(child.definition.name), going));
      }
  }
  return levels;
}

/**
 * One that depends on several of those that go does so once. What it holds is not kept: a family
 * may be large.
 */
function withMore(level: Level | undefined, going: Going[]): Level {
  const all: Level = level ?? new Map<string, Going>();
  for (const { record, parents, root } of going) {
    const known = all.get(record.id);
    const bare = 'error' in record ? record : { ...record, body: undefined };
    all.set(record.id, known ? { ...known, parents: [...known.parents, ...parents] } : { record: bare, parents, root });
  }
  return all;
}

/**
 * The types whose records go with one of these: what the definition keeps stays, and a type never
 * synced has none.
 */
function removable(parts: EntityTypeParts, { around: { passed } }: Batch): EntityTypeParts[] {
  return Object.entries(parts.children).flatMap(([name, child]) =>
    child.source.childrenOf && child.definition.whenNoLonger !== 'keep' && getOwn(passed, name) !== null ? [child] : [],
  );
}

function actionOf({ definition }: EntityTypeParts): Leaving['action'] {
  return definition.whenNoLonger === 'mark' ? 'mark' : 'remove';
}

/**
 * Ids of those that are in the destination and, where they are to be marked, are not so already.
 * One that the destination fails on must stay, with what depends on it. Adds to `remaining`.
 */
async function thoseThere(leaving: Leaving[], parts: EntityTypeParts, remaining: Map<string, RecordError>, c: Context): Promise<string[]> {
  const entityType = parts.definition.name;
  const found = await parts.destination.find(
    leaving.map(({ record }) => ({ origin: { entityType, id: record.id }, name: firstName(parts) })),
    c,
  );
  return leaving.flatMap(({ record: { id }, action }, index) => {
    const answer = found[index] ?? [];
    if ('code' in answer) remaining.set(keyOf({ entityType, id }), answer);
    else if (answer.some(({ removed }) => action === 'remove' || removed !== true)) return [id];
    return [];
  });
}

/**
 * Has each wait that would come back with its root: not one that is durably to be processed by
 * itself.
 */
async function makeWait(going: Going[], child: EntityTypeParts, batch: Batch, c: Context): Promise<void> {
  const { name: entityType, since } = child.definition;
  const { rows } = batch.around;
  const waiting = going.flatMap(({ record, root }) => {
    if ('error' in record || record.voided || (since !== undefined && record.modified <= since)) return [];
    if (batch.isGiven({ entityType, id: record.id }) || isLeftAlone(rows.find(entityType, record.id), record.version)) return [];
    const held = heldFailure(record, root, child);
    return batch.isWaiting(root, held) ? [] : [held];
  });
  if (waiting.length === 0) return;
  await rows.record(waiting, c);
  for (const { id, version, on } of waiting) batch.setWaiting(on, [{ entityType, id, version }]);
}

/** Takes some of one type away. Adds to `remaining` what must stay since one of these does. */
async function remove(
  level: Going[],
  parts: EntityTypeParts,
  batch: Batch,
  remaining: Map<string, RecordError>,
  c: Context,
): Promise<void> {
  const { name: entityType } = parts.definition;
  const keep = (going: Going): void => going.parents.forEach((parent) => remaining.set(keyOf(parent), remains(parts)));
  const kept = level.filter(({ record: { id } }) => remaining.has(keyOf({ entityType, id })));
  const failed = ({ record }: Going, error: RecordError): void => {
    batch.failures.push('error' in record ? unreadableErrored({ ...record, error }, parts) : recordErrored(record, error, parts));
  };
  for (const each of kept) {
    const error = remaining.get(keyOf({ entityType, id: each.record.id }));
    // One whose own children remain is tried again with the record for whose sake it goes.
    if (error && error.code !== REMAINS) failed(each, error);
    keep(each);
  }
  const going = level.filter((each) => !kept.includes(each));
  const outcomes = await writeAll(
    parts,
    going.map(({ record }) => requestOf(stateOf(record), parts, actionOf(parts))),
    c,
  );
  going.forEach((each, index) => {
    const { record } = each;
    const outcome = outcomes[index];
    batch.around.memory.forget(entityType, record.id);
    if (outcome?.kind === 'refused') {
      failed(each, outcome.error);
      keep(each);
    } else if (!('error' in record)) batch.inStep.push(inStepOf(record, parts));
  });
}

function stateOf(record: Child['record']): Leaving['record'] {
  return { id: record.id, version: 'error' in record ? record.stamp : record.version };
}

function remains(child: EntityTypeParts): RecordError {
  return {
    code: REMAINS,
    message: `It cannot be taken away before its ${child.definition.name} records, and one of them could not be.`,
    remedy: 'Correct the record that depends on it, by its own error; this one is tried again by itself.',
  };
}
