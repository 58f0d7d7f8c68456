import type { Context, SourceRecord } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import { MappingFailed, type MappingScope } from '../mapping/mapping.js';
import type { Attempt } from './attempt.js';
import { addBeside, nothingBeside, type Beside } from './beside.js';
import { bringParents } from './bring-parents.js';
import type { Carrying } from './carry.js';
import { findParents, type Wanted } from './find-parents.js';
import type { Memory } from './memory.js';
import { distinct, type Named } from './named-parents.js';
import type { Errored, Held } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import { getOwn } from '../model/keyed.js';

/** A record's parents are all there, and what `$parent` and `$ref` give it; or what becomes of it otherwise. */
export type Resolved = { scope: MappingScope } | { fate: 'filtered' } | Errored | Held;

/** Why a parent is not there after all was tried. */
export type ParentFate =
  | { kind: 'filtered' }
  /** It, or a record it depends on, has a row: its child waits there. */
  | { kind: 'held'; on: { entityType: string; id: string } }
  /** The child's own error, such as a parent that is there twice. */
  | { kind: 'failed'; error: RecordError };

/**
 * Finds the parents of records in the destination, in bulk, and brings over from their source those that are missing, or marked there. A parent
 * that is gone, voided or filtered makes its child filtered; one that failed holds it.
 */
export async function resolveParents(
  records: SourceRecord[],
  parts: EntityTypeParts,
  carrying: Carrying & { attempt: Attempt },
  c: Context,
): Promise<Beside & { parents: Map<string, Resolved> }> {
  const { memory, attempt } = carrying;
  const beside = nothingBeside();
  const parents = new Map<string, Resolved>();
  const ids = new Map<string, Named>();
  await Promise.all(
    records.map(async ({ id, body }) => {
      try {
        ids.set(id, await parts.mapping.parentIds(body, c.signal));
      } catch (error) {
        if (!(error instanceof MappingFailed)) throw error;
        parents.set(id, { fate: 'errored', error: error.error });
      }
    }),
  );
  for (const [entityType, parent] of Object.entries(parts.parents)) {
    const wanted: Wanted = { entityType, parent, names: namesOf(parts, entityType, parent), ids: distinct(ids.values(), entityType) };
    const missing = await findParents(wanted, 'missing', parts.destination, memory, attempt, c);
    if (missing.length > 0) addBeside(beside, await bring({ ...wanted, ids: missing }, parts, carrying, c));
  }
  for (const [recordId, named] of ids) parents.set(recordId, resolve(named, parts, memory, attempt));
  return { parents, ...beside };
}

/** Brings what is missing, and looks once more: a marked one whose source has nothing against it is there after all. */
async function bring(wanted: Wanted, parts: EntityTypeParts, carrying: Carrying & { attempt: Attempt }, c: Context): Promise<Beside> {
  const { memory, attempt } = carrying;
  const { entityType, parent, ids } = wanted;
  const policy = parts.definition.whenParentMissing;
  const beside = await bringParents(entityType, parent, ids, policy, carrying, c);
  const expected = ids.filter((id) => !attempt.fate(entityType, id));
  const still = await findParents({ ...wanted, ids: expected }, 'there', parts.destination, memory, attempt, c);
  for (const id of still)
    attempt.setFate(
      entityType,
      id,
      policy === 'hold' ? { kind: 'held', on: { entityType, id } } : { kind: 'failed', error: notThere(entityType) },
    );
  return beside;
}

/** A parent that never comes decides, whatever becomes of the others. */
function resolve(named: Named, parts: EntityTypeParts, memory: Memory, attempt: Attempt): Resolved {
  const fates = Object.entries(named).flatMap(([entityType, id]) => {
    const parent = getOwn(parts.parents, entityType);
    const there = id === undefined || (parent && memory.get(entityType, id, firstName(parent)));
    return there ? [] : (attempt.fate(entityType, id ?? '') ?? []);
  });
  const fate = fates.find(({ kind }) => kind === 'filtered') ?? fates[0];
  if (fate?.kind === 'filtered') return { fate: 'filtered' };
  if (fate?.kind === 'held') return { fate: 'held', on: fate.on };
  if (fate) return { fate: 'errored', error: fate.error };
  const { destination } = parts;
  return {
    scope: {
      parent: (entityType, name) => {
        const id = getOwn(named, entityType);
        const parent = getOwn(parts.parents, entityType);
        if (id === undefined || !parent) return undefined;
        const found = memory.get(entityType, id, name ?? firstName(parent));
        return found && destination.reference(found);
      },
      ref: (name) => destination.placeholder(name),
    },
  };
}

/** The resources of a parent that the expressions ask for; its first always, since that tells whether it is there. */
function namesOf(parts: EntityTypeParts, entityType: string, parent: EntityTypeParts): string[] {
  const asked = parts.mapping.parentRefs.flatMap((ref) => (ref.entityType === entityType && ref.name !== undefined ? [ref.name] : []));
  return [...new Set([firstName(parent), ...asked])];
}

export function firstName(parts: EntityTypeParts): string {
  return Object.keys(parts.definition.map)[0] ?? 'main';
}

function notThere(entityType: string): RecordError {
  return {
    code: 'ParentMissing',
    message: `Its ${entityType} was brought over, but the destination does not find it.`,
    remedy: 'See whether the destination’s search index lags behind; it is tried again by itself.',
  };
}
