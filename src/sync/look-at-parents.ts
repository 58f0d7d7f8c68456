import type { Context, SourceRecord } from '../connectors/connector.js';
import type { Fresh } from './carry-fresh.js';
import { distinct, namedParents } from './named-parents.js';
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
  const named = await namedParents(unsure(found, parts, work), parts, c.signal);
  for (const [entityType, parent] of Object.entries(parents)) {
    const ids = distinct(named.values(), entityType);
    const withRow = ids.filter((id) => work.rows.find(entityType, id));
    // One that a person put aside stays so.
    const looking = withRow.filter((id) => work.rows.find(entityType, id)?.state !== 'ignored');
    await work.rows.lookAgain(looking.map((id) => ({ entityType, id })));
    const others = ids.filter((id) => !withRow.includes(id));
    if (others.length > 0) await retry(others, parent, { ...rest, lost: true }, c);
  }
}

/** Those whose earlier try may have been lost, as far as they may have brought a parent over. */
function unsure(found: Fresh, { definition: { name } }: EntityTypeParts, { lost, rows }: RetryWork): SourceRecord[] {
  return [...found].flatMap(([id, record]) => {
    const isUnsure = lost === true || rows.find(name, id)?.lookAgain === true;
    return !isUnsure || !record || 'error' in record || record.voided ? [] : [record];
  });
}
