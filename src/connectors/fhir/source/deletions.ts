import { parseInstant } from '../../../model/instant.js';
import { isObject } from '../../../model/is-object.js';
import type { Context, Instant, Page, SourceRecord } from '../../connector.js';
import { isId } from '../ids.js';
import { fetchResources } from './fetch-resources.js';
import { Chain, type FhirReader } from './fhir-reader.js';
import { bookmarkAt } from './source-place.js';
import { historyGone } from './reading-failures.js';
import type { Within } from './whole-window.js';

/** Deletions that are held at once. */
const MAX_HELD = 5_000;

/** Versions a page of a history. */
const COUNT = 200;

interface Deletion {
  id: string;
  stamp: Instant;
}

/**
 * Records of the type that were deleted after `after`, up to `until`, oldest first, as voided ones:
 * by the history of the type, which tells of every version. One that is there again is none. The
 * bookmark stays where it is, since changes are read after this; `done` is where an earlier reading
 * got to.
 *
 * @throws SystemFailure
 */
export async function* deletions(
  reader: FhirReader,
  { after, until, limit, done }: { after: Instant; until: Instant; limit: number; done?: Within },
  c: Context,
): AsyncGenerator<Page> {
  let place = done;
  for (;;) {
    const { held, more } = await firstOf(reader, after, until, place, c);
    for (let start = 0; start < held.length; start += limit) {
      const some = held.slice(start, start + limit);
      const there = await fetchResources(
        reader,
        some.map(({ id }) => id),
        c,
      );
      const last = some.at(-1);
      if (!last) break;
      place = { stamp: last.stamp, id: last.id };
      const records = some.filter(({ id }) => !there.has(id)).map((each) => recordOf(each, reader.type));
      yield { records, bookmark: bookmarkAt(after, { deleted: place }) };
    }
    if (!more) return;
  }
}

/** Whether any record of the type was deleted in a window. */
export async function hasDeletions(reader: FhirReader, after: Instant, until: Instant, c: Context): Promise<boolean> {
  for await (const { stamp } of deletionsIn(reader, after, c)) if (stamp > after && stamp <= until) return true;
  return false;
}

/** The oldest behind a place, as many as are held. */
async function firstOf(
  reader: FhirReader,
  after: Instant,
  until: Instant,
  done: Within | undefined,
  c: Context,
): Promise<{ held: Deletion[]; more: boolean }> {
  const newest = new Map<string, Deletion>();
  let more = false;
  for await (const each of deletionsIn(reader, after, c)) {
    if (each.stamp <= after || each.stamp > until || (done && keyOf(each) <= keyOf(done))) continue;
    const known = newest.get(each.id);
    if (!known || known.stamp < each.stamp) newest.set(each.id, each);
    if (newest.size < 2 * MAX_HELD) continue;
    more = true;
    for (const { id } of inOrder(newest).slice(MAX_HELD)) newest.delete(id);
  }
  const held = inOrder(newest);
  return { held: held.slice(0, MAX_HELD), more: more || held.length > MAX_HELD };
}

function inOrder(found: Map<string, Deletion>): Deletion[] {
  return [...found.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ stamp, id }: Deletion | Within): string {
  return `${stamp} ${id}`;
}

async function* deletionsIn(reader: FhirReader, since: Instant, c: Context): AsyncGenerator<Deletion> {
  const chain = new Chain(reader.place);
  let path: string | undefined = `${reader.type}/_history?_since=${since}&_count=${COUNT}`;
  while (path !== undefined) {
    const page = await reader.page(path, c, true);
    if (typeof page === 'string') throw historyGone(reader.place);
    chain.follow(page);
    for (const entry of page.entries) {
      const found = deletionOf(entry, reader.type);
      if (found) yield found;
    }
    path = page.next;
  }
}

function deletionOf(entry: unknown, type: string): Deletion | undefined {
  if (!isObject(entry) || !isObject(entry['request'])) return undefined;
  const { request, response, fullUrl } = entry;
  if (request['method'] !== 'DELETE') return undefined;
  const stamp = parseInstant(isObject(response) ? response['lastModified'] : undefined);
  const id = [request['url'], fullUrl].map((url) => idIn(url, type)).find((each) => each !== undefined);
  return stamp === undefined || id === undefined ? undefined : { id, stamp };
}

function idIn(url: unknown, type: string): string | undefined {
  const [, id] = typeof url === 'string' ? (new RegExp(`(?:^|/)${type}/([^/?]+)(?:/_history/[^/]+)?$`).exec(url) ?? []) : [];
  return isId(id) ? id : undefined;
}

function recordOf({ id, stamp }: Deletion, type: string): SourceRecord {
  return { id, version: stamp, modified: stamp, voided: true, body: { resourceType: type, id } };
}
