import { z } from 'zod';
import type { Json } from '../../model/bookmark.js';
import { instantSchema } from '../../model/schemas.js';
import type { Bookmark, Context, Instant, Page, SourceRecord, Unreadable } from '../connector.js';
import type { Joined } from './joined.js';

/** Records by id, with all that is joined to them. */
type Fetch = (ids: string[], c: Context) => Promise<Map<string, SourceRecord | Unreadable>>;

type Reading = (after: Bookmark) => AsyncIterable<Page>;

/** How far each list is read: that of the records themselves, then those of what is joined. */
const places: z.ZodType<Bookmark[]> = z.array(z.strictObject({ v: z.literal(1), at: instantSchema(), place: z.json().exactOptional() }));

/**
 * How far each of so many lists is read; all of them as far as the bookmark says, where it tells no
 * more.
 */
export function placesIn(after: Bookmark, lists: number): Bookmark[] {
  const { data = [] } = places.safeParse(after.place);
  return data.length === lists ? data : Array.from({ length: lists }, () => ({ v: 1, at: after.at }));
}

/**
 * Pages of several lists in turn, always of the one that is least far, up to `until`. A bookmark
 * says how far each is.
 */
export async function* pagesInTurn(after: Bookmark, until: Instant, readings: readonly Reading[]): AsyncGenerator<Page & { list: number }> {
  const done = placesIn(after, readings.length);
  const pages = readings.map((reading, list) => reading(done[list] ?? after)[Symbol.asyncIterator]());
  try {
    for (let none = true; ; none = false) {
      const open = done.flatMap((bookmark, list) => (isAt(bookmark, until) ? [] : [{ list, at: bookmark.at }]));
      const [first] = open.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.list - b.list));
      if (!first && none) yield { records: [], bookmark: { v: 1, at: until }, list: 0 };
      if (!first) return;
      const next = await pages[first.list]?.next();
      if (!next || next.done === true) return;
      done[first.list] = next.value.bookmark;
      yield { ...next.value, list: first.list, bookmark: togetherAt(done, until) };
    }
  } finally {
    for (const each of pages) await each.return?.(undefined);
  }
}

function isAt({ at, place }: Bookmark, until: Instant): boolean {
  return place === undefined && at >= until;
}

function togetherAt(done: readonly Bookmark[], until: Instant): Bookmark {
  const [least = until] = done.map(({ at }) => at).sort();
  if (done.every(({ at, place }) => at === least && place === undefined)) return { v: 1, at: least };
  return { v: 1, at: least, place: [...done] as unknown as Json };
}

/**
 * The records that changes of what is joined belong to, each once: but those that changed
 * thereafter, which come by their later change, and those that are voided, which came by it.
 */
export async function recordsBehind({ records }: Page, joined: Joined, fetch: Fetch, c: Context): Promise<(SourceRecord | Unreadable)[]> {
  const stamps = new Map<string, Instant>();
  const nameless: Unreadable[] = [];
  for (const row of records) {
    if ('error' in row && row.id === undefined) nameless.push(row);
    else if (row.id !== undefined && ('error' in row || joined.isOf(row.body)))
      stamps.set(row.id, 'error' in row ? row.stamp : row.modified);
  }
  const found = [...(await fetch([...stamps.keys()], c))].flatMap(([id, record]): (SourceRecord | Unreadable)[] => {
    const stamp = stamps.get(id) ?? '';
    if ('error' in record) return record.error.code === 'OtherType' ? [] : [{ ...record, stamp }];
    return record.voided || record.modified > stamp ? [] : [record];
  });
  return [...nameless, ...found];
}
