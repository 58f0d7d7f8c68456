import type { Context, SourceRecord } from '../../connectors/connector.js';
import { getOwn } from '../../model/keyed.js';
import type { EntityTypeParts } from '../parts.js';
import type { IdsSeen } from './ids-seen.js';
import { judge } from './judge.js';
import type { Report } from './report.js';

/** What was read of the source, and what is told. */
interface Read {
  /** Ids of the records that were looked at already. */
  seen: IdsSeen;
  report: Report;
}

/**
 * Asks the destination what it has of one type, a page at a time, and the source for the records
 * that it did not give: what it does not have either should not be there.
 *
 * @returns whether the destination can tell. @throws SystemFailure, Cancelled
 */
export async function findExtra(
  entityType: string,
  types: Record<string, EntityTypeParts>,
  { seen, report }: Read,
  c: Context,
): Promise<boolean> {
  const parts = getOwn(types, entityType);
  if (!parts?.destination.listOwn) return false;
  let listed = false;
  for await (const page of parts.destination.listOwn(entityType, c)) {
    listed = true;
    const unknown = new Set(page.flatMap(({ of, removed }) => (removed || seen.has(of) ? [] : [of])));
    if (unknown.size === 0) continue;
    for (const id of unknown) seen.add(id);
    const there = await parts.source.fetch([...unknown], c);
    const gone = [...unknown].filter((id) => !there.has(id));
    for (const each of await judge(gone.map(absent), entityType, types, c)) if (each.standing === 'extra') report.add(each);
  }
  // One that lists nothing where something is does not take the question.
  return listed || !report.isAnythingThere;
}

/** A record that its source has no more goes the way of a voided one. */
function absent(id: string): SourceRecord {
  return { id, version: '', modified: '', voided: true, body: {} };
}
