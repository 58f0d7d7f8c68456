import type { Context, Instant } from '../../connector.js';
import { isOddEntry } from './source-entries.js';
import { Chain, type FhirReader, type PageRead, type ReadPage } from './fhir-reader.js';
import { moved, placedRows, type PlacedRow } from './placed-rows.js';
import type { Window } from './search-path.js';
import { cutOff, restless, unlisted } from './reading-failures.js';

/** Records of a window that are held at once. */
const MAX_HELD = 5_000;
/** Records asked for in one page where the server has no next pages. */
const MAX_COUNT = 20_000;
/** Times a window is read before it is said that it cannot be. */
const MAX_PASSES = 20;

/** Where a reading got to among records of one stamp: those up to this id are done. */
export type Within = { stamp: Instant; id: string };

/**
 * The records of a window in order. `thin`: what is known of them is what tells one from another.
 * `more`: of its stamp there are others behind these.
 */
export interface Whole {
  rows: PlacedRow[];
  thin: boolean;
  more: boolean;
}

interface How {
  thin: boolean;
  count: number;
}

type Pass = { again: How } | { cut: Instant } | { whole: Whole; ids: ReadonlySet<string>; proven: boolean };

/** By stamp, then by id; one without an id first. */
export function inOrder(a: PlacedRow, b: PlacedRow): number {
  if (a.stamp !== b.stamp) return a.stamp < b.stamp ? -1 : 1;
  const [left, right] = [a.id ?? '', b.id ?? ''];
  return left === right ? 0 : left < right ? -1 : 1;
}

/**
 * All records of a window, whatever their order: page after page, and again until it is sure that
 * none was passed over since others left the window meanwhile. Records only ever leave a window
 * that is past, by a newer stamp; so one answer is sure, and as many as were counted before or with
 * the first page, and a pass after which another finds the same.
 *
 * @returns `cut`: it holds more than is held at once; read up to there first
 * @throws SystemFailure
 */
export async function wholeWindow(
  reader: FhirReader,
  window: Window,
  { count, behind }: { count: number; behind?: string },
  c: Context,
): Promise<Whole | { cut: Instant }> {
  let how: How = { thin: false, count };
  let before: ReadonlySet<string> | undefined;
  for (let passes = 0; passes < MAX_PASSES; passes += 1) {
    const pass = await onePass(reader, window, how, behind, c);
    if ('cut' in pass) return pass;
    if ('again' in pass) {
      how = pass.again;
      before = undefined;
    } else if (pass.proven || isSame(before, pass.ids)) return pass.whole;
    else before = pass.ids;
  }
  throw restless(reader.place);
}

async function onePass(reader: FhirReader, window: Window, how: How, behind: string | undefined, c: Context): Promise<Pass> {
  const single = window.after !== undefined && moved(window.after, 1) >= window.until;
  const chain = new Chain(reader.place);
  const counted = reader.counts ? undefined : await reader.count(window, c);
  let rows: PlacedRow[] = [];
  let [pages, given, unnamed, more] = [0, 0, 0, false];
  let first: ReadPage | undefined;
  let path: string | undefined;
  let last: ReadPage | undefined;
  do {
    const page: PageRead = path === undefined ? await reader.first(window, how, c) : await reader.page(path, c, true);
    if (page === 'dead') return { again: how };
    if (page === 'broken') {
      if (how.thin) throw unlisted(reader.place);
      return { again: { ...how, thin: true } };
    }
    chain.follow(page);
    first ??= page;
    last = page;
    pages += 1;
    given += page.rows.length;
    unnamed += page.rows.filter(isOddEntry).length;
    rows.push(...placedRows(page.rows, window, page.next !== undefined).filter((row) => behind === undefined || (row.id ?? '') > behind));
    if (rows.length > MAX_HELD) {
      if (!single) return { cut: cutOf(rows, window) };
      rows = inStep(rows);
      more ||= rows.length > MAX_HELD;
      rows.length = Math.min(rows.length, MAX_HELD);
    }
    path = page.next;
  } while (path !== undefined);
  const lacks = await lacking(reader, window, how, { page: last, given }, c);
  if (lacks === 'more') {
    const larger = how.count * 4;
    if (given >= how.count && larger <= MAX_COUNT) return { again: { ...how, count: larger } };
    if (single || rows.length < 2) throw cutOff(reader.place);
    return { cut: cutOf(rows, window) };
  }
  const expected = first?.total ?? counted;
  const proven = pages === 1 || (expected !== undefined && chain.ids.size + unnamed >= expected);
  return { whole: { rows: inStep(rows), thin: how.thin, more }, ids: chain.ids, proven };
}

/** Each once, the newest as it came last. */
function inStep(rows: PlacedRow[]): PlacedRow[] {
  const named = new Map(rows.flatMap((row) => (row.id === undefined ? [] : [[row.id, row] as const])));
  return [...rows.filter(({ id }) => id === undefined), ...named.values()].sort(inOrder);
}

/** Whether there are more than the pages gave, on a server that names no further one. */
async function lacking(
  reader: FhirReader,
  window: Window,
  { count }: How,
  { page, given }: { page: ReadPage | undefined; given: number },
  c: Context,
): Promise<'more' | 'none'> {
  if (page?.total !== undefined) return page.total > given ? 'more' : 'none';
  if (page === undefined || page.linked || given === 0) return 'none';
  const total = await reader.count(window, c);
  return (total ?? (given < count ? 0 : count + 1)) > given ? 'more' : 'none';
}

/**
 * A stamp in the midst of those that were read: the nearer part of the window is read by itself.
 */
function cutOf(rows: PlacedRow[], { until }: Window): Instant {
  const stamps = rows.map(({ stamp }) => stamp).sort();
  const middle = stamps[stamps.length >> 2] ?? until;
  return middle < until ? middle : moved(until, -1);
}

function isSame(a: ReadonlySet<string> | undefined, b: ReadonlySet<string>): boolean {
  return a !== undefined && a.size === b.size && [...a].every((id) => b.has(id));
}
