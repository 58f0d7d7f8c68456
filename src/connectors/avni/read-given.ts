import type { SourceRecord, Unreadable } from '../connector.js';
import { BEGINNING } from './changes.js';
import { endpoints } from './endpoints.js';
import { oddRow } from './odd-row.js';
import { isOdd, recordOf, rowOf } from './rows.js';
import type { SourceKind } from './settings.js';

/** A record that somebody gives in the form in which Avni gives it. */
export function readGiven(given: unknown, kind: SourceKind, type: string): SourceRecord | Unreadable {
  const row = rowOf(given);
  return isOdd(row) ? oddRow({ ...row, stamp: row.stamp ?? BEGINNING }, type, 0) : recordOf(row, endpoints[kind], type);
}
