import type { Context, Page } from '../../connectors/connector.js';
import type { ClassifiedError } from '../../model/classified-error.js';
import { getOwn } from '../../model/keyed.js';
import { DryDestination } from '../dry-destination.js';
import { Memory } from '../memory.js';
import { processPage } from '../page.js';
import type { EntityTypeParts } from '../parts.js';
import { PlannedWrites, type PlannedWrite } from '../planned-writes.js';
import { withParts } from '../with-parts.js';
import { noRows } from './no-rows.js';
import { standingOf, type Standing } from './standing.js';

/** A record, and how it stands. */
export interface Judged {
  id: string;
  standing: Standing;
  /** What a run would write for it. */
  write?: PlannedWrite;
  error?: ClassifiedError;
}

/**
 * How some records of one type stand in their destination, by the very pipeline without writing.
 * Nothing is remembered from one call to the next. @throws SystemFailure, Cancelled
 */
export async function judge(
  records: Page['records'],
  entityType: string,
  types: Record<string, EntityTypeParts>,
  c: Context,
): Promise<Judged[]> {
  if (records.length === 0) return [];
  const writes = new Map<string, PlannedWrite>();
  const planned = new PlannedWrites((write) => {
    if (write.entityType === entityType) writes.set(write.id, write);
  });
  const dry = withParts(types, ({ destination }) => ({ destination: new DryDestination(destination, planned, 0) }));
  const parts = getOwn(dry, entityType);
  if (!parts) throw new Error(`No entity type ${entityType}`);
  // It ends no reading: where the page leads does not matter.
  const page: Page = { records, bookmark: { v: 1, at: '' } };
  const { results, failures } = await processPage(page, parts, { memory: new Memory(), rows: noRows }, c);
  const errors = new Map<string, ClassifiedError>();
  for (const each of failures) if (each.kind === 'errored' && each.entityType === entityType) errors.set(each.id, each.error);
  return results.map(({ id, result }) => {
    const [write, error] = [writes.get(id), errors.get(id)];
    return { id, standing: standingOf(result, write), ...(write ? { write } : {}), ...(error ? { error } : {}) };
  });
}
