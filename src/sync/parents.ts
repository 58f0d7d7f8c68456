import type { Context, SourceRecord } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import { MappingFailed, type MappingScope } from '../mapping/mapping.js';
import { bringParents } from './bring-parents.js';
import type { Carrying } from './carry.js';
import type { RecordFailure } from './failures.js';
import type { InStep } from './rows.js';
import { findParents, type Wanted } from './find-parents.js';
import type { Memory } from './memory.js';
import type { Errored, Held } from './outcome.js';
import type { EntityTypeParts } from './parts.js';

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
 * Finds the parents of records in the destination, in bulk, and brings over from their source those that are missing. A parent that is gone,
 * voided or filtered makes its child filtered; one that failed holds it.
 */
export async function resolveParents(
  records: SourceRecord[],
  parts: EntityTypeParts,
  carrying: Carrying,
  c: Context,
): Promise<{ parents: Map<string, Resolved>; brought: number; failures: RecordFailure[]; inStep: InStep[] }> {
  const { memory } = carrying;
  const failures: RecordFailure[] = [];
  const inStep: InStep[] = [];
  const parents = new Map<string, Resolved>();
  const ids = new Map<string, Record<string, string | undefined>>();
  for (const record of records) {
    try {
      ids.set(record.id, await parts.mapping.parentIds(record.body));
    } catch (error) {
      if (!(error instanceof MappingFailed)) throw error;
      parents.set(record.id, { fate: 'errored', error: error.error });
    }
  }
  const fates = new Map<string, ParentFate>();
  let brought = 0;
  for (const [entityType, parent] of Object.entries(parts.parents)) {
    const wanted: Wanted = { entityType, parent, names: namesOf(parts, entityType, parent), ids: distinct(ids, entityType) };
    const missing = await findParents(wanted, parts.destination, memory, fates, c);
    if (missing.length === 0) continue;
    const result = await bringParents(entityType, parent, missing, carrying, c);
    brought += result.brought;
    failures.push(...result.failures);
    inStep.push(...result.inStep);
    for (const [id, fate] of result.fates) fates.set(`${entityType}\0${id}`, fate);
    const still = await findParents({ ...wanted, ids: missing.filter((id) => !result.fates.has(id)) }, parts.destination, memory, fates, c);
    for (const id of still) fates.set(`${entityType}\0${id}`, { kind: 'failed', error: notThere(entityType) });
  }
  for (const [recordId, named] of ids) parents.set(recordId, resolve(named, parts, memory, fates));
  return { parents, brought, failures, inStep };
}

function resolve(
  named: Record<string, string | undefined>,
  parts: EntityTypeParts,
  memory: Memory,
  fates: Map<string, ParentFate>,
): Resolved {
  for (const [entityType, id] of Object.entries(named)) {
    const fate = id === undefined ? undefined : fates.get(`${entityType}\0${id}`);
    if (fate?.kind === 'filtered') return { fate: 'filtered' };
    if (fate?.kind === 'held') return { fate: 'held', on: fate.on };
    if (fate) return { fate: 'errored', error: fate.error };
  }
  const { destination } = parts;
  return {
    scope: {
      parent: (entityType, name) => {
        const id = named[entityType];
        const parent = parts.parents[entityType];
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

function distinct(ids: Map<string, Record<string, string | undefined>>, entityType: string): string[] {
  return [...new Set([...ids.values()].flatMap((named) => named[entityType] ?? []))];
}

function notThere(entityType: string): RecordError {
  return {
    code: 'ParentMissing',
    message: `Its ${entityType} was brought over, but the destination does not find it.`,
    remedy: 'See whether the destination’s search index lags behind; it is tried again by itself.',
  };
}
