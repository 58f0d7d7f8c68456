import { SystemFailure } from '../../../errors/system-failure.js';
import type { Instant } from '../../connector.js';
import { isOddEntry, type EntryRow, type OddEntry, type ReadRow } from './source-entries.js';
import type { Window } from './search-path.js';

/** A row whose place in its list is known. */
export type PlacedRow = ReadRow | (OddEntry & { stamp: Instant });

/** Servers of whole seconds give all of a second of which a part was asked for. */
const SECOND = 1_000;

/**
 * The rows of a page that lie in the window, each with its place. What is stamped behind the window
 * was changed since it was listed, and comes again. One without a stamp of its own, or with one
 * before the window, stands where its neighbours do, and is odd: so it is told of, whatever its
 * server makes of it.
 *
 * @throws SystemFailure where all of them lie before the window: the server dropped the bounds,
 * silently; where a full page has no stamp at all
 */
export function placedRows(rows: readonly EntryRow[], { after = '', until }: Window, isPart: boolean): PlacedRow[] {
  const nearly = after === '' ? '' : moved(after, -SECOND);
  const stamps = rows.flatMap(({ stamp }) => (stamp === undefined ? [] : [stamp]));
  if (stamps.length > 1 && stamps.every((stamp) => stamp <= nearly)) throw boundsDropped();
  if (isPart && rows.length > 1 && stamps.length === 0) throw noStamps();
  let last = stamps.find((stamp) => stamp > after && stamp <= until) ?? (after === '' ? until : moved(after, 1));
  return rows.flatMap((row): PlacedRow[] => {
    const { id, stamp } = row;
    if (stamp !== undefined && stamp > nearly) {
      if (stamp <= after || stamp > until) return [];
      last = stamp;
      return [{ ...row, stamp }];
    }
    return [{ odd: isOddEntry(row) ? row.odd : 'meta.lastUpdated', ...(id !== undefined ? { id } : {}), stamp: last }];
  });
}

/** An instant so many milliseconds later. */
export function moved(instant: Instant, by: number): Instant {
  return new Date(Date.parse(instant) + by).toISOString();
}

function boundsDropped(): SystemFailure {
  return new SystemFailure({
    code: 'FilterDropped',
    needsPerson: true,
    message: 'The FHIR server gave resources that were last updated outside of the time that was asked for: it drops _lastUpdated.',
    remedy: 'Have searches by _lastUpdated switched on there, and see whether a cache or proxy stands before it.',
  });
}

function noStamps(): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: 'The FHIR server gives resources without meta.lastUpdated, or without its zone: where to go on is not known.',
    remedy: 'Have it tell meta.lastUpdated with a zone, as FHIR R4 asks for.',
  });
}
