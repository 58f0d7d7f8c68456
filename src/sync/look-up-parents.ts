import type { Context, Found, Origin } from '../connectors/connector.js';
import type { LookedUpParent, ParentDefinition, WrittenParent } from '../definition/definition.js';
import type { RecordError } from '../errors/record-error.js';
import { getOwn } from '../model/keyed.js';
import { ambiguous } from './find-parents.js';
import type { Item, NotFound } from './item.js';
import type { Memory } from './memory.js';
import { firstName, parentAwaited, type EntityTypeParts } from './parts.js';

/**
 * Which parent is looked for: the reference to what was written from it, or a value and the record
 * within which it is.
 */
interface Question {
  value?: string;
  of?: string;
}

/**
 * Finds the parents of records that are to be written, as far as their destination's system owns
 * them: one kind of parent after another, each in one go, and once for all records that have it in
 * common. Changes the items. What is found is remembered, what is not is asked for again by the
 * next batch.
 *
 * @throws SystemFailure, Cancelled.
 */
export async function lookUpParents(items: Item[], parts: EntityTypeParts, memory: Memory, c: Context): Promise<void> {
  const coming = items.filter(({ decision }) => decision.kind === 'upsert');
  for (const [name, parent] of Object.entries(parts.definition.parents)) {
    const asking = new Map<string, { question: Question; by: Item[] }>();
    for (const item of coming) {
      const question = questionOf(item, name, parent, parts, memory);
      if (!question) continue;
      const key = `${parts.definition.name}\0${name}\0${JSON.stringify([question.value, question.of])}`;
      const known = asking.get(key);
      if (known) known.by.push(item);
      else asking.set(key, { question, by: [item] });
    }
    const unknown = [...asking].filter(([key]) => !memory.lookedUp.has(key));
    const answers = await ask(
      unknown.map(([, { question }]) => question),
      name,
      parent,
      parts,
      c,
    );
    const missing = new Map(unknown.map(([key], index) => [key, answers[index] ?? absent(name, parts)]));
    for (const [key, found] of missing) if ('id' in found) memory.lookedUp.set(key, found);
    for (const [key, { by }] of asking) {
      const found = missing.get(key) ?? memory.lookedUp.get(key);
      if (found) for (const item of by) item.found.set(name, found);
    }
  }
}

/**
 * Undefined where the record names no such parent, or what it is looked for within is not there:
 * that tells by itself.
 */
function questionOf(item: Item, name: string, parent: ParentDefinition, parts: EntityTypeParts, memory: Memory): Question | undefined {
  const value = getOwn(item.parents, name);
  if ('writtenFrom' in parent) return value === undefined ? undefined : { value };
  if (parent.value !== undefined && value === undefined) return undefined;
  const of = parent.of === undefined ? undefined : idOfParent(parent.of, item, parts, memory);
  if (parent.of !== undefined && of === undefined) return undefined;
  return { ...(value !== undefined ? { value } : {}), ...(of !== undefined ? { of } : {}) };
}

/** Of a parent that is there. */
function idOfParent(name: string, { parents, found }: Item, parts: EntityTypeParts, memory: Memory): string | undefined {
  const own = getOwn(parts.parents, name);
  if (!own) {
    const other = found.get(name);
    return other && 'id' in other ? other.id : undefined;
  }
  const id = getOwn(parents, name);
  return id === undefined ? undefined : memory.get(name, id, firstName(own))?.id;
}

/** One answer a question; undefined: there is no such parent. */
async function ask(
  questions: Question[],
  name: string,
  parent: ParentDefinition,
  parts: EntityTypeParts,
  c: Context,
): Promise<(Found | NotFound | undefined)[]> {
  if (questions.length === 0) return [];
  return 'writtenFrom' in parent ? askOrigins(questions, name, parent, parts, c) : askDestination(questions, name, parent, parts, c);
}

/** What the record refers to carries the mark of what it was written from: no search at all. */
async function askOrigins(questions: Question[], name: string, parent: WrittenParent, parts: EntityTypeParts, c: Context) {
  const origins = await parts.source.originsOf?.(
    questions.flatMap(({ value }) => value ?? []),
    c,
  );
  if (!origins) throw new Error(`${parts.definition.name}: its source tells no origins: the definition check should have refused it`);
  return questions.map(({ value = '' }): Found | NotFound | undefined => {
    const all = origins.get(value) ?? [];
    if ('code' in all) return { kind: 'failed', error: all };
    const isIts = ({ integration, process, entityType }: Origin): boolean =>
      integration === parts.integration && process === parts.process && parent.names.includes(entityType);
    const its = [...new Set(all.filter(isIts).map(({ id }) => id))].map((id) => ({ type: parent.type, id }));
    if (its.length > 1) return { kind: 'failed', error: severalOrigins(name, its) };
    const [other] = all;
    return its[0] ?? (other && { kind: 'failed', error: otherType(name, parent.writtenFrom, other.entityType) });
  });
}

/** One that is voided is not there. */
async function askDestination(questions: Question[], name: string, { find }: LookedUpParent, parts: EntityTypeParts, c: Context) {
  const lists = await parts.destination.lookUp?.(
    questions.map((question) => ({ settings: find, ...question })),
    c,
  );
  if (!lists) throw new Error(`${parts.definition.name}: its destination looks nothing up: the definition check should have refused it`);
  return questions.map((_question, index): Found | NotFound | undefined => {
    const all = lists[index] ?? [];
    if ('code' in all) return { kind: 'failed', error: all };
    const there = all.filter(({ removed }) => removed !== true);
    const [found, another] = there;
    if (another) return { kind: 'failed', error: ambiguous(name, there) };
    return found && { type: found.type, id: found.id };
  });
}

function absent(name: string, { definition: { whenParentMissing, to } }: EntityTypeParts): NotFound {
  if (whenParentMissing === 'filter') return { kind: 'filtered' };
  const awaited = parentAwaited(name, to.system);
  return whenParentMissing === 'fail'
    ? { kind: 'failed', error: { ...awaited, code: 'ParentMissing' } }
    : { kind: 'awaited', error: awaited };
}

function severalOrigins(name: string, its: Found[]): RecordError {
  return {
    code: 'ParentAmbiguous',
    message: `What it refers to as its ${name} carries the marks of several: ${its.map(({ type, id }) => `${type}/${id}`).join(' and ')}.`,
    remedy: 'Take the marks off it, in the system it is in, of those that it does not stand for.',
  };
}

function otherType(name: string, expected: string, found: string): RecordError {
  return {
    code: 'ParentOtherType',
    message: `What it refers to as its ${name} was written from ${found}, not from ${expected}.`,
    remedy: `Let it refer to one that was written from ${expected}, or name ${found} under “writtenFrom”.`,
  };
}
