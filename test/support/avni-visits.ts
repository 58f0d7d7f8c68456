import type { Bookmark, Page } from '../../src/connectors/connector.js';
import type { AvniOrganisation } from '../../src/simulators/avni/organisation.js';

/** An instant that tests count from, in milliseconds. */
export const T = Date.UTC(2026, 0, 1);

export function iso(time: number): string {
  return new Date(time).toISOString();
}

/** Adds general encounters of the type Visit. @returns their ids */
export function addVisits(organisation: AvniOrganisation, count: number, stamp: (n: number) => number): string[] {
  return Array.from(
    { length: count },
    (_, n) => organisation.add('encounter', 'Visit', { 'Encounter type': 'Visit', observations: {} }, { stamp: stamp(n) }).id,
  );
}

/**
 * All ids delivered, and the bookmarks on the way; `between` may change the organisation between
 * two pages.
 */
export async function readPages(pages: AsyncIterable<Page>, between: () => void = () => undefined) {
  const ids: string[] = [];
  const broken: string[] = [];
  const bookmarks: Bookmark[] = [];
  for await (const page of pages) {
    for (const record of page.records) ('error' in record ? broken : ids).push(record.id ?? '?');
    bookmarks.push(page.bookmark);
    between();
  }
  return { ids, broken, bookmarks };
}
