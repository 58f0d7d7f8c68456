import type { Found, Key, SourceRecord, WriteRequest } from '../connectors/connector.js';
import type { Removal } from '../definition/definition.js';
import type { RecordError } from '../errors/record-error.js';
import { nameInDefinition } from '../mapping/item-name.js';
import { MappingFailed, type Mapped as Made, type MappingScope } from '../mapping/mapping.js';
import { getOwn } from '../model/keyed.js';
import { shownConcept } from '../mapping/shown-concept.js';
import { inTurn } from './in-turn.js';
import { withoutOutcome, type Errored } from './outcome.js';
import type { EntityTypeParts } from './parts.js';

/** Why a record has not got a parent that its destination's system owns. */
export type NotFound = { kind: 'filtered' } | { kind: 'awaited' | 'failed'; error: RecordError };

/** A record in a batch, with what is to become of it by itself. */
export interface Item {
  record: SourceRecord;
  /** Why it is in the batch: for its own sake, or as a missing parent of another. */
  why: 'given' | 'parent';
  decision: Decision;
  /** What names its parents: see `Mapping.parentIds`. */
  parents: Record<string, string | undefined>;
  /**
   * Parents that the destination's system owns, by name, once they were looked up; none where the
   * record names none.
   */
  found: Map<string, Found | NotFound>;
}

/** What is to become of a record by itself, before its parents are looked at. */
export type Decision =
  { kind: 'upsert' } | { kind: 'removal'; action: 'remove' | 'mark' } | { kind: 'filtered' } | { kind: 'errored'; error: RecordError };

/** A record that its expressions were run over: what writes it. */
export interface Mapped {
  request: WriteRequest;
  unmapped: string[];
}

/**
 * Decides about records, and asks their expressions which parents they have: all at once, so that
 * they go to a thread together.
 */
export function decideAll(records: SourceRecord[], parts: EntityTypeParts, why: Item['why'], signal: AbortSignal): Promise<Item[]> {
  return Promise.all(records.map((record) => decide(record, parts, why, signal)));
}

/**
 * Runs the mapping of records whose parents are there, all at once, and shapes what it makes of
 * them one after another.
 */
export function mapAll(
  items: { record: SourceRecord; scope: MappingScope }[],
  parts: EntityTypeParts,
  signal: AbortSignal,
): Promise<(Mapped | Errored)[]> {
  const asked = items.map(({ record, scope }) => askMapping(record, scope, parts, signal));
  return inTurn(items, ({ record }, index) => shape(record, asked[index] ?? withoutOutcome(), parts));
}

/** The decision about a record that no longer belongs in the destination. */
export function leaving(policy: Removal): Decision {
  return policy === 'keep' ? { kind: 'filtered' } : { kind: 'removal', action: policy };
}

/** The request that writes, removes or marks one record. */
export function requestOf(
  record: Pick<SourceRecord, 'id' | 'version'>,
  { integration, process, definition }: EntityTypeParts,
  action: WriteRequest['action'],
  resources: WriteRequest['resources'] = [],
): WriteRequest {
  return {
    origin: { integration, process, entityType: definition.name, id: record.id },
    version: record.version,
    action,
    resources,
    adopt: definition.to.adopt,
    ...(definition.whenEdited !== undefined ? { whenEdited: definition.whenEdited } : {}),
  };
}

async function decide(
  record: SourceRecord,
  { definition, mapping }: EntityTypeParts,
  why: Item['why'],
  signal: AbortSignal,
): Promise<Item> {
  const item = (decision: Decision, parents = {}): Item => ({ record, why, decision, parents, found: new Map() });
  if (record.voided) return item(leaving(definition.whenVoided));
  try {
    if (!(await mapping.accepts(record.body, signal))) return item(leaving(definition.whenNoLonger));
    return item({ kind: 'upsert' }, await mapping.parentIds(record.body, signal));
  } catch (error) {
    return item({ kind: 'errored', error: errorOf(error) });
  }
}

/**
 * What the expressions make of a record, being worked out; its keys matter only where that
 * succeeds.
 */
type Asked = Promise<Made & { keys: Promise<Record<string, Key>> }>;

function askMapping(record: SourceRecord, scope: MappingScope, { mapping }: EntityTypeParts, signal: AbortSignal): Asked {
  const keys = mapping.keys(record.body, signal);
  const asked = mapping.map(record.body, scope, signal).then((made) => ({ ...made, keys }));
  // Either may fail before anyone awaits it.
  keys.catch(() => undefined);
  asked.catch(() => undefined);
  return asked;
}

async function shape(record: SourceRecord, asked: Asked, parts: EntityTypeParts): Promise<Mapped | Errored> {
  try {
    const { resources, unmapped, keys: asking } = await asked;
    if (unmapped.length > 0 && parts.definition.concepts.unmapped === 'hold') return errored(unmappedError(unmapped));
    const keys = await asking;
    const shaped: WriteRequest['resources'] = [];
    for (const [name, mapped] of Object.entries(resources)) {
      const resource = parts.destination.shape(name, mapped);
      if (!resource) continue;
      if ('error' in resource) return errored({ ...resource.error, expression: `map.${nameInDefinition(name)}` });
      const key = getOwn(keys, name);
      const shared = parts.definition.shared?.includes(name) === true;
      if (shared && !key) return errored(sharedWithoutKey(name));
      shaped.push({ name, ...resource, ...(key ? { key } : {}), ...(shared ? { shared } : {}) });
    }
    // Nothing left of it: what was once written for it goes.
    const request = shaped.length > 0 ? requestOf(record, parts, 'upsert', shaped) : requestOf(record, parts, 'remove');
    return { request, unmapped: shown(unmapped) };
  } catch (error) {
    return errored(errorOf(error));
  }
}

function errored(error: RecordError): Errored {
  return { result: 'errored', error };
}

/**
 * JavaScript's stack is taken up by what is in one another thousands of times: that is in the
 * record, or made by its expressions.
 */
const tooDeep: RecordError = {
  code: 'MappingTooLong',
  message: 'What the record holds, or what its expressions make of it, is nested too deeply to be dealt with.',
  remedy: 'Correct the record in its source, or make the expressions leave that part out.',
};

/** The error of a record that its expressions fail on. @throws what else is thrown: a defect */
function errorOf(error: unknown): RecordError {
  if (error instanceof MappingFailed) return error.error;
  if (error instanceof RangeError) return tooDeep;
  throw error;
}

function sharedWithoutKey(name: string): RecordError {
  return {
    code: 'KeyMissing',
    message: `The business key of ${name}, which is shared, is empty.`,
    remedy: 'Fill in the field the key is made of, or let the expression of the resource give nothing for such records.',
    expression: `to.key.${name}`,
  };
}

function unmappedError(concepts: string[]): RecordError {
  const message = `It has values for concepts that no expression reads: ${concepts.length}.`;
  const names = shown(concepts);
  return {
    code: 'UnmappedConcepts',
    message,
    remedy: 'Let the mapping read them, or name them under concepts.ignore.',
    path: names.join(', '),
    ...(names.some((name) => !concepts.includes(name)) ? { detail: `${message} ${concepts.join(', ')}` } : {}),
  };
}

function shown(concepts: string[]): string[] {
  return [...new Set(concepts.map(shownConcept))];
}
