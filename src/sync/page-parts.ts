import type { Page } from '../connectors/connector.js';
import type { Bookmark } from '../model/bookmark.js';
import { stampOf } from './failures-of.js';

/**
 * Milliseconds that a part of a page should take: a pause, or the end of a worker, costs no more
 * than the part in hand.
 */
const PART = 5_000;
/** Records of the first part, before it is known how long one takes. */
const FIRST = 25;

/**
 * Pages in parts that take a few seconds each: of a mapping that takes a second a record, what is
 * done of a page counts. Where records are quick, all pages but the first are given whole, and the
 * first where it is to be met as it was: by `resumes`. `start`: where the page that comes next
 * begins.
 */
export async function* inParts(pages: AsyncIterable<Page>, start: () => Bookmark | null, resumes = false): AsyncGenerator<Page> {
  let size = resumes ? Infinity : FIRST;
  for await (const page of pages) {
    // Inside a group of one stamp only the source knows the places.
    const whole = page.bookmark.place !== undefined || start()?.place !== undefined;
    for (let rest: Page | undefined = page; rest;) {
      const [part, more]: [Page, Page?] = whole ? [rest] : cut(rest, size);
      const began = performance.now();
      yield part;
      const { length } = part.records;
      if (length > 0) size = Math.max(1, Math.floor((PART * length) / Math.max(1, performance.now() - began)));
      rest = more;
    }
  }
}

/**
 * About so many records and the rest, cut where the stamp changes; the whole where it does not, or
 * where stamps are in no order.
 */
function cut({ records, bookmark }: Page, size: number): [part: Page, rest?: Page] {
  const stamps = records.map(stampOf);
  const isInOrder = stamps.every((stamp, index) => index === 0 || (stamps[index - 1] ?? '') <= stamp);
  const at = isInOrder ? stamps.findIndex((stamp, index) => index >= size && (stamps[index - 1] ?? '') < stamp) : -1;
  const last = stamps[at - 1];
  if (last === undefined) return [{ records, bookmark }];
  return [
    { records: records.slice(0, at), bookmark: { v: 1, at: last } },
    { records: records.slice(at), bookmark },
  ];
}
