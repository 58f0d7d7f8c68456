import type { Bookmark, Context, Instant, Page } from '../../connector.js';
import { Chain, type FhirReader } from './fhir-reader.js';
import { moved, placedRows, type PlacedRow } from './placed-rows.js';
import type { EntryRow } from './source-entries.js';
import type { SourceRecords } from './source-records.js';
import { bookmarkAt } from './source-place.js';
import { unlisted } from './reading-failures.js';
import { inOrder, wholeWindow, type Within } from './whole-window.js';

/** Before any record: where a bookmark lies of which nothing is done. */
const BEGINNING = '1970-01-01T00:00:00.000Z';

/** Records of one stamp that are taken from page after page before they are read by themselves. */
const MAX_CARRIED = 5_000;

/** What a reading of changes needs. */
export interface Reading {
  reader: FhirReader;
  records: SourceRecords;
  until: Instant;
  /** Records a page. */
  limit: number;
  /** Whether the server gives them by stamp: unknown, until a full page shows it. */
  order: Order;
  c: Context;
}

/** What was found out of a server, for as long as its connector lives. */
export interface Order {
  sorted: boolean | undefined;
  /** Milliseconds of which all records could be held at once. */
  width?: number;
}

/**
 * All records with after < stamp ≤ until, by stamp, and within one stamp by id. Where the server
 * sorts, page after page; from a full page the records of the last stamp are left for the next one.
 * The next page is that which the server names, so long as it counts as many as before: then
 * nothing left the window, and no record moved past the border. Else it is asked for by time.
 * Records of one stamp that fill a page, and all where a server does not sort, are read whole, put
 * in order, and given page by page.
 */
export async function* fhirChanges(reading: Reading, after: Instant | undefined): AsyncGenerator<Page> {
  const { until, order } = reading;
  let at = after;
  if (order.sorted !== false) at = yield* sorted(reading, at);
  while (at === undefined || at < until) at = yield* unsorted(reading, at);
  yield { records: [], bookmark: bookmarkAt(until) };
}

/** What is left of the records of one stamp, among which a bookmark stands. */
export function restOfStamp(reading: Reading, { at }: Bookmark, { stamp, id }: Within): AsyncGenerator<Page> {
  return oneStamp(reading, at, stamp, id);
}

/** Where the next page of a chain is. */
interface Link {
  path: string;
  total: number | undefined;
  given: number;
  /** The last that came before it. */
  stamps: Instant[];
}

/** @returns how far it got: to the end, or to where the server turned out not to sort. */
async function* sorted(reading: Reading, from: Instant | undefined): AsyncGenerator<Page, Instant | undefined> {
  const { reader, until, limit, order, c } = reading;
  let at = from;
  let carried: PlacedRow[] = [];
  let link: Link | undefined;
  let thin = false;
  // False where a link turned out to be of no use, until the reading gets on.
  let linkable = true;
  let chain = new Chain(reader.place);
  while (at === undefined || at < until) {
    const window = { after: at, until };
    const page = link ? await reader.page(link.path, c, true) : await reader.first(window, { count: limit, sorted: true, thin }, c);
    if (typeof page === 'string' || (link && page.total !== link.total)) {
      if (!link && thin) throw unlisted(reader.place);
      thin = !link;
      linkable = false;
      [link, carried] = [undefined, []];
      chain = new Chain(reader.place);
      continue;
    }
    chain.follow(page);
    const given: number = (link?.given ?? 0) + page.rows.length;
    const further: Link | undefined = page.next === undefined ? undefined : { path: page.next, total: page.total, given, stamps: [] };
    const isPart = further !== undefined || (page.total !== undefined ? page.total > given : !page.linked && page.rows.length > 0);
    const stamps = page.rows.flatMap(({ stamp }) => (stamp === undefined || stamp > until ? [] : [stamp]));
    if (!isInOrder([...(link?.stamps ?? []), ...stamps])) {
      order.sorted = false;
      return at;
    }
    if (further) further.stamps = stamps.slice(-1);
    const rows = [...carried, ...placedRows(page.rows, window, isPart)];
    const last = rows.at(-1)?.stamp;
    if (!isPart) {
      yield* chunks(reading, at, rows.sort(inOrder), thin);
      return until;
    }
    if (last === undefined) {
      // All of it lies before the window, on a server of whole seconds, or is joined.
      if (!further || !linkable) return yield* unsorted(reading, at);
      link = further;
      continue;
    }
    const whole = rows.filter(({ stamp }) => stamp < last);
    if (!(await isProven(reading, at, whole, [...carried, ...page.rows]))) return at;
    yield* chunks(reading, at, whole.sort(inOrder), thin);
    if (whole.length > 0) [chain, linkable] = [new Chain(reader.place), true];
    at = whole.at(-1)?.stamp ?? at;
    carried = rows.filter(({ stamp }) => stamp === last);
    link = further?.total === undefined || thin || !linkable ? undefined : further;
    thin = false;
    if (link && carried.length <= MAX_CARRIED) continue;
    if (link || whole.length === 0) {
      yield* oneStamp(reading, at, last);
      at = last;
      [chain, linkable] = [new Chain(reader.place), true];
    }
    [link, carried] = [undefined, []];
  }
  return at;
}

/**
 * Whether the first full page holds all that the server counts up to there: a server may give a
 * list that is sorted in parts.
 */
async function isProven({ reader, order, c }: Reading, after: Instant | undefined, whole: PlacedRow[], rows: EntryRow[]): Promise<boolean> {
  const last = whole.at(-1)?.stamp;
  if (order.sorted !== undefined || last === undefined) return true;
  const count = await reader.count({ after, until: last }, c);
  // Those before the window, of a server of whole seconds, are counted too.
  order.sorted = count === undefined || count <= rows.filter(({ stamp }) => stamp === undefined || stamp <= last).length;
  return order.sorted;
}

function isInOrder(stamps: readonly Instant[]): boolean {
  return stamps.every((stamp, index) => index === 0 || stamp >= (stamps[index - 1] ?? ''));
}

/** As much of what is left as can be put in order at once. @returns how far it got */
async function* unsorted(reading: Reading, from: Instant | undefined): AsyncGenerator<Page, Instant> {
  const { reader, limit, order, c } = reading;
  const likely = from === undefined || order.width === undefined ? reading.until : moved(from, 2 * order.width);
  let until = likely < reading.until ? likely : reading.until;
  for (;;) {
    const read = await wholeWindow(reader, { after: from, until }, { count: limit }, c);
    if (!('cut' in read) && !read.more) {
      if (from !== undefined) order.width = Date.parse(until) - Date.parse(from);
      yield* chunks(reading, from, read.rows, read.thin);
      yield { records: [], bookmark: bookmarkAt(until) };
      return until;
    }
    if (!('cut' in read)) {
      yield* oneStamp(reading, from, until);
      return until;
    }
    until = read.cut;
  }
}

/**
 * Records of one stamp, in the order of their ids, those behind `id`. `before`: where the reading
 * was before the stamp.
 */
async function* oneStamp(reading: Reading, before: Instant | undefined, stamp: Instant, id?: string): AsyncGenerator<Page> {
  const { reader, limit, c } = reading;
  const window = { after: moved(stamp, -1), until: stamp };
  let behind = id;
  for (;;) {
    const read = await wholeWindow(reader, window, { count: limit, ...(behind !== undefined ? { behind } : {}) }, c);
    if ('cut' in read) throw new Error('A window of one stamp is not cut');
    yield* chunks(reading, before, read.rows, read.thin, read.more ? stamp : undefined);
    behind = read.rows.at(-1)?.id;
    if (!read.more || behind === undefined) break;
  }
  yield { records: [], bookmark: bookmarkAt(stamp) };
}

/** Rows in order, as pages. `open`: of this stamp there are more behind them. */
async function* chunks(
  { records, limit, c }: Reading,
  before: Instant | undefined,
  rows: readonly PlacedRow[],
  thin: boolean,
  open?: Instant,
): AsyncGenerator<Page> {
  let at = before;
  for (let start = 0; start < rows.length; start += limit) {
    const some = rows.slice(start, start + limit);
    const [last, next] = [some.at(-1), rows[start + limit]];
    if (!last) return;
    const isOpen = last.stamp === (next?.stamp ?? open);
    const done = isOpen ? (some.findLast(({ stamp }) => stamp < last.stamp)?.stamp ?? at) : last.stamp;
    at = done;
    const within = isOpen ? { within: { stamp: last.stamp, id: last.id ?? '' } } : undefined;
    yield { records: await records.of(some, thin, c), bookmark: bookmarkAt(done ?? BEGINNING, within) };
  }
}
