import { SystemFailure } from '../../../errors/system-failure.js';
import type { Json } from '../../../model/bookmark.js';
import type { Bookmark, Context, Instant, Page, SourceOptions, SourceRecord } from '../../connector.js';
import { fetchResources } from './fetch-resources.js';
import type { FhirReader } from './fhir-reader.js';
import { isEmpty } from './is-empty.js';
import { bookmarkAt } from './source-place.js';
import type { FhirSourceSettings } from './source-settings.js';

const HOUR = 3_600_000;
const USUAL_HOURS = 24;
/** Records of the destination that are looked at together. */
const COUNT = 200;
/** Of so many one at least is there, unless the server lost them, or is another one. */
const BELIEVED = 20;

/**
 * Whether a time to look lies between the two. The times are those of the clock, so that a bookmark
 * says by itself which of them are over: after any rest it looks once.
 */
export function isTimeToLook({ deleted, rereadHours = USUAL_HOURS }: FhirSourceSettings, after: Bookmark, until: Instant): boolean {
  const turnOf = (instant: Instant): number => Math.floor(Date.parse(instant) / (rereadHours * HOUR));
  return deleted === 'reread' && turnOf(after.at) < turnOf(until);
}

/**
 * Records that stand in the destination and that the server has no more, as voided ones: for one
 * that does not tell of deletions. All that stands there is looked for by its id, page after page;
 * `from` is where an earlier look got to. The bookmark stays at `at`, up to where changes are done.
 *
 * @throws SystemFailure, Cancelled
 */
export async function* gone(
  reader: FhirReader,
  standing: NonNullable<SourceOptions['standing']>,
  { at, from }: { at: Instant; from?: Json | undefined },
  c: Context,
): AsyncGenerator<Page> {
  let place = from;
  let together: string[] = [];
  for (;;) {
    const { ids, next } = await standing(place, COUNT, c);
    together.push(...ids);
    place = next;
    // Few that stand on a page are judged with those of the next ones.
    if (together.length < BELIEVED && next !== undefined) continue;
    const there = await fetchResources(reader, together, c, true);
    if (there.size === 0 && together.length > 0 && (together.length >= BELIEVED || (await isEmpty(reader, c))))
      throw allGone(reader.place, together.length);
    const records = together.filter((id) => !there.has(id)).map((id) => recordOf(id, at, reader.type));
    yield { records, bookmark: bookmarkAt(at, next === undefined ? undefined : { gone: { from: next } }) };
    if (next === undefined) return;
    together = [];
  }
}

/** Nobody tells when it went. */
function recordOf(id: string, at: Instant, type: string): SourceRecord {
  return { id, version: 'gone', modified: at, voided: true, body: { resourceType: type, id } };
}

function allGone(place: string, count: number): SystemFailure {
  return new SystemFailure({
    code: 'AllGone',
    message: `${place}: of ${count} records that stand in the destination none is there any more. Nothing is removed.`,
    remedy:
      'See whether it is the right server, with all of its data. Where they were deleted on purpose, remove them in the destination, or set “deleted: ignore”.',
    needsPerson: true,
  });
}
