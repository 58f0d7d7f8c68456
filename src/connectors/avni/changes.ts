import type { Bookmark, Context, Instant, Page } from '../connector.js';
import { brokenGroup } from './broken-group.js';
import { BrokenSpots } from './broken-spots.js';
import { bookmarkIn, groupIn, type Group } from './group.js';
import { moved, type AvniLister, type Listed } from './lister.js';
import { Narrowing } from './narrowing.js';
import { PagesInTurn } from './pages-in-turn.js';
import { PageBroken } from './page-broken.js';
import { recordsOf, type ListedRow } from './rows.js';

/** Before any record of any organisation. */
export const BEGINNING = '1970-01-01T00:00:00.000Z';

/** The server's silent cap (Avni server, observed). */
const MOST_ROWS = 1000;

/**
 * All records with after < stamp ≤ until, by stamp. From a full page the trailing records of the
 * last stamp are left for the next one; a group of one stamp that fills a page is read from its
 * last page to its first, since it can only shrink. A page that a record breaks is narrowed by time
 * until only that stamp is left; `spots` remembers where that was.
 */
export async function* changes(
  lister: AvniLister,
  after: Bookmark | null,
  until: Instant,
  limit: number,
  c: Context,
  spots = new BrokenSpots(),
): AsyncGenerator<Page> {
  const size = Math.min(limit, MOST_ROWS);
  const pages = new PagesInTurn(lister, size, c);
  try {
    yield* read(lister, after ?? { v: 1, at: BEGINNING }, until, pages, new Narrowing(lister, until, size, spots), size, c);
  } finally {
    await pages.settled();
  }
}

async function* read(
  lister: AvniLister,
  after: Bookmark,
  until: Instant,
  pages: PagesInTurn,
  narrowing: Narrowing,
  size: number,
  c: Context,
): AsyncGenerator<Page> {
  let place = { at: after.at, group: groupIn(after, until) };
  for (;;) {
    if (place.group) {
      yield* readGroup(lister, place.at, place.group, c);
      place = { at: place.group.stamp, group: undefined };
    }
    if (place.at >= until) return yield { records: [], bookmark: { v: 1, at: until } };
    const bound = narrowing.bound(place.at);
    const how = { alone: bound !== until, suspected: narrowing.suspects };
    const listed = narrowing.isSpot(place.at, bound) ? undefined : await pages.list({ after: place.at, until: bound }, how);
    if (!listed) {
      if (!(await narrowing.broke(place.at, bound, c))) continue;
      const records = await brokenGroup(lister, bound, c);
      narrowing.read(
        bound,
        records.some((record) => 'error' in record),
      );
      yield { records, bookmark: { v: 1, at: bound } };
      if (bound >= until) return;
      place = { at: bound, group: undefined };
      continue;
    }
    const step = stepOf(listed, bound, size);
    if ('group' in step) {
      place = { at: place.at, group: step.group };
      continue;
    }
    yield { records: recordsOf(step.rows, lister.endpoint, lister.type), bookmark: { v: 1, at: step.at } };
    if (step.at >= until) return;
    place = { at: step.at, group: undefined };
  }
}

/** What a page says of how to go on: rows done and how far, or a group of one stamp to go into. */
function stepOf({ rows, pageSize }: Listed, bound: Instant, size: number): { rows: ListedRow[]; at: Instant } | { group: Group } {
  const last = rows.at(-1);
  // A full page is never the last, whatever it says: its server counts after it read, and rows that
  // changed in between are not counted.
  if (!last || rows.length < pageSize) return { rows, at: bound };
  const { stamp } = last;
  const whole = rows.filter((row) => row.stamp < stamp);
  const lastWhole = whole.at(-1);
  return lastWhole
    ? { rows: whole, at: lastWhole.stamp }
    : { group: { stamp, page: Number.MAX_SAFE_INTEGER, size: Math.min(pageSize, size) } };
}

/**
 * The pages of a group of one stamp that are not done, from the last to the first. `before`: where
 * the reading was before the group.
 */
async function* readGroup(lister: AvniLister, before: Instant, group: Group, c: Context): AsyncGenerator<Page> {
  const { stamp } = group;
  const window = { after: moved(stamp, -1), until: stamp };
  const { totalPages, pageSize: size } = await lister.count(window, group.size, c);
  const from = size === group.size ? Math.min(group.page, totalPages) : totalPages;
  if (from === 0) return yield { records: [], bookmark: { v: 1, at: stamp } };
  for (let page = from - 1; page >= 0; page -= 1) {
    let rows: ListedRow[];
    try {
      ({ rows } = await lister.list(window, page, size, c));
    } catch (error) {
      if (!(error instanceof PageBroken)) throw error;
      return yield { records: await brokenGroup(lister, stamp, c), bookmark: { v: 1, at: stamp } };
    }
    const records = recordsOf(rows, lister.endpoint, lister.type, page * size);
    yield { records, bookmark: page === 0 ? { v: 1, at: stamp } : bookmarkIn({ stamp, page, size }, before) };
  }
}
