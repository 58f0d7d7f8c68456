import { z } from 'zod';
import { SystemFailure } from '../../errors/system-failure.js';
import type { Instant, SourceRecord } from '../connector.js';
import type { Endpoint } from './endpoints.js';
import { getOwn } from '../../model/keyed.js';

const row = z.looseObject({
  ID: z.string().min(1),
  Voided: z.boolean(),
  audit: z.looseObject({ 'Created at': z.iso.datetime().optional(), 'Last modified at': z.iso.datetime() }),
});

export const avniRow = row;

export const avniPage = z.object({ content: z.array(row), totalPages: z.number().int(), pageSize: z.number().int().positive() });

export type AvniRow = z.infer<typeof row>;

const CANONICAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export function stampOf(each: AvniRow): Instant {
  const stamp = each.audit['Last modified at'];
  // As an Avni server writes it: asked several times for every row.
  return CANONICAL.test(stamp) ? stamp : new Date(stamp).toISOString();
}

/** A row in the one shape, whichever endpoint it came from: list rows of subjects lack their type where it was asked for. */
export function recordOf(each: AvniRow, endpoint: Endpoint, type: string): SourceRecord {
  const stamp = stampOf(each);
  const created = each.audit['Created at'];
  return {
    id: each.ID,
    version: stamp,
    modified: stamp,
    ...(created !== undefined ? { created: new Date(created).toISOString() } : {}),
    voided: each.Voided,
    body: { ...each, [endpoint.field]: type },
  };
}

/** Whether a row is of the type that was asked for; a row that does not say is taken at its word. */
export function isOfType(each: AvniRow, endpoint: Endpoint, type: string): boolean {
  const named = getOwn(each, endpoint.field);
  return named === undefined || named === type;
}

/** Rows of one parent only: query parameter, and the field by which each row tells that it is so. */
export interface ParentFilter {
  parameter: string;
  field: string;
  id: string;
}

/** @throws SystemFailure where the server gave rows of another type or parent than were asked for: its filters are dropped silently. */
export function checkFilters(rows: AvniRow[], endpoint: Endpoint, type: string, parent: ParentFilter | undefined): void {
  if (parent && rows.some((each) => getOwn(each, parent.field) !== parent.id))
    throw new SystemFailure({
      code: 'FilterDropped',
      message: `Avni gave records of “${type}” of other parents than the one that was asked for: it dropped the filter ${parent.parameter}.`,
      remedy: 'See whether the parent is still known to Avni; if it is, report this with the version of the Avni server.',
    });
  if (rows.some((each) => !isOfType(each, endpoint, type)))
    throw new SystemFailure({
      code: 'FilterDropped',
      message: `Avni gave records of other types than “${type}”: it drops a filter whose name it does not know.`,
      remedy: `Write the name of the ${endpoint.parameter} in the definition exactly as it is in Avni.`,
    });
}

/** @throws SystemFailure where rows lie outside the window, or not in order. */
export function checkWindow(rows: AvniRow[], type: string, window: { after: Instant; until: Instant }): void {
  let last = '';
  for (const each of rows) {
    const stamp = stampOf(each);
    if (stamp <= window.after || stamp > window.until || stamp < last)
      throw new SystemFailure({
        code: 'BadResponse',
        message: `Avni gave records of “${type}” outside the window that was asked for, or not in order, as when a page repeats.`,
        remedy: 'See whether a cache or proxy stands before Avni.',
      });
    last = stamp;
  }
}
