import type { Context, SourceRecord, Unreadable } from '../connectors/connector.js';
import { MappingFailed } from '../mapping/mapping.js';
import { getOwn } from '../model/keyed.js';
import { stampOf } from './failures-of.js';
import type { EntityTypeParts } from './parts.js';

/** Children at once: what is listed never grows with a family. */
const BATCH = 200;

/** A child as its source lists it, and the parent it was listed for. */
export interface Child {
  record: SourceRecord | (Unreadable & { id: string });
  parentId: string;
}

/**
 * The children of some parents, in batches; each at most once in a batch, in its newest state. What
 * its source lists and its own expression gives to another parent is left out, and so is what it
 * cannot name.
 */
export async function* listChildren(
  parentType: string,
  parentIds: Iterable<string>,
  child: EntityTypeParts,
  c: Context,
): AsyncGenerator<Child[]> {
  let batch = new Map<string, Child>();
  for (const parentId of parentIds) {
    for await (const record of child.source.childrenOf?.({ entityType: parentType, id: parentId }, c) ?? []) {
      const id = record.id;
      if (id === undefined || !(await belongs(record, parentType, parentId, child, c.signal))) continue;
      const other = batch.get(id);
      if (!other || stampOf(other.record) <= stampOf(record))
        batch.set(id, { record: 'error' in record ? { ...record, id } : record, parentId });
      if (batch.size < BATCH) continue;
      yield [...batch.values()];
      batch = new Map();
    }
  }
  if (batch.size > 0) yield [...batch.values()];
}

/** One whose expression fails is taken at the source's word. */
async function belongs(
  record: SourceRecord | Unreadable,
  parentType: string,
  parentId: string,
  { mapping }: EntityTypeParts,
  signal: AbortSignal,
): Promise<boolean> {
  if ('error' in record) return true;
  try {
    return getOwn(await mapping.parentIds(record.body, signal), parentType) === parentId;
  } catch (error) {
    if (error instanceof MappingFailed) return true;
    throw error;
  }
}
