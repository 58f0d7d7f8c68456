import type { Context } from '../connectors/connector.js';
import { MappingFailed } from '../mapping/mapping.js';
import type { Fresh } from './carry-fresh.js';
import type { EntityTypeParts } from './parts.js';
import type { RetryWork } from './retry.js';

/** Tries records of one entity type again; their own parents are looked at first. */
type Retry = (ids: string[], parts: EntityTypeParts, work: RetryWork, c: Context) => Promise<unknown>;

/**
 * Looks once more at the parents of records that an earlier try may have been lost with: it may have brought one over, in a state that is older than what the regular process
 * wrote since, and a parent that is found in the destination is not fetched. One that has a row of its own is left to it.
 *
 * @throws SystemFailure, Cancelled.
 */
export async function lookAtParents(found: Fresh, parts: EntityTypeParts, work: RetryWork, retry: Retry, c: Context): Promise<void> {
  const { definition, parents } = parts;
  // Nothing is brought over under `hold`.
  if (definition.whenParentMissing === 'hold' || Object.keys(parents).length === 0) return;
  const { onOutcome: _own, onReleased: _count, ...rest } = work;
  const named = await parentIds(found, parts, work);
  for (const [entityType, parent] of Object.entries(parents)) {
    const ids = [...(named.get(entityType) ?? [])];
    const withRow = ids.filter((id) => work.rows.find(entityType, id));
    // One that a person put aside stays so.
    const looking = withRow.filter((id) => work.rows.find(entityType, id)?.state !== 'ignored');
    await work.rows.lookAgain(looking.map((id) => ({ entityType, id })));
    const others = ids.filter((id) => !withRow.includes(id));
    if (others.length > 0) await retry(others, parent, { ...rest, lost: true }, c);
  }
}

/** By entity type, those that records name whose earlier try may have been lost. */
async function parentIds(
  found: Fresh,
  { definition: { name }, mapping }: EntityTypeParts,
  work: RetryWork,
): Promise<Map<string, Set<string>>> {
  const ids = new Map<string, Set<string>>();
  for (const [id, record] of found) {
    const isUnsure = work.lost === true || work.rows.find(name, id)?.lookAgain === true;
    if (!isUnsure || !record || 'error' in record || record.voided) continue;
    for (const [entityType, parentId] of Object.entries(await named(record.body, mapping)))
      if (parentId !== undefined) ids.set(entityType, (ids.get(entityType) ?? new Set()).add(parentId));
  }
  return ids;
}

/** A record whose parents cannot be told brought none over; its own try says what is wrong. */
async function named(body: unknown, mapping: EntityTypeParts['mapping']): Promise<Record<string, string | undefined>> {
  try {
    return await mapping.parentIds(body);
  } catch (error) {
    if (error instanceof MappingFailed) return {};
    throw error;
  }
}
