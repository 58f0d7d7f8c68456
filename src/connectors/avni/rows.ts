import { z } from 'zod';
import { SystemFailure } from '../../errors/system-failure.js';
import type { Instant, SourceRecord } from '../connector.js';
import type { Endpoint } from './endpoints.js';

const row = z.looseObject({ ID: z.string(), Voided: z.boolean(), audit: z.looseObject({ 'Last modified at': z.iso.datetime() }) });

export const avniRow = row;

export const avniPage = z.object({ content: z.array(row), totalPages: z.number().int(), pageSize: z.number().int().positive() });

export type AvniRow = z.infer<typeof row>;

export function stampOf(each: AvniRow): Instant {
  return new Date(each.audit['Last modified at']).toISOString();
}

/** A row in the one shape, whichever endpoint it came from: list rows of subjects lack their type where it was asked for. */
export function recordOf(each: AvniRow, endpoint: Endpoint, type: string): SourceRecord {
  const stamp = stampOf(each);
  return { id: each.ID, version: stamp, modified: stamp, voided: each.Voided, body: { ...each, [endpoint.field]: type } };
}

/** Whether a row is of the type that was asked for; a row that does not say is taken at its word. */
export function isOfType(each: AvniRow, endpoint: Endpoint, type: string): boolean {
  const named = each[endpoint.field];
  return named === undefined || named === type;
}

/** @throws SystemFailure where the server gave other rows than were asked for: its filters are dropped silently. */
export function checkRows(rows: AvniRow[], endpoint: Endpoint, type: string, window: { after: Instant; until: Instant }): void {
  const other = rows.find((each) => !isOfType(each, endpoint, type));
  if (other)
    throw new SystemFailure({
      code: 'FilterDropped',
      message: `Avni gave records of other types than “${type}”: it drops a filter whose name it does not know.`,
      remedy: `Write the name of the ${endpoint.parameter} in the definition exactly as it is in Avni.`,
    });
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
