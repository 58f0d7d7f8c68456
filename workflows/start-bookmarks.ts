import { isName } from './errored/received.js';
import { parseInstant } from '../src/model/instant.js';
import { isPlace, type SavedBookmark } from '../src/model/bookmark.js';

/** Bookmarks that are kept of those given: no process has so many entity types. */
const MAX_BOOKMARKS = 500;
const MAX_SYSTEMS = 200;

/**
 * What an operator gave as `bookmarks`, as far as it can be read: for the memo, until the first
 * plan has checked it.
 */
export function startBookmarks(given: unknown): Record<string, SavedBookmark> {
  if (typeof given !== 'object' || given === null) return {};
  const read: [string, SavedBookmark][] = [];
  for (const [name, value] of Object.entries(given as Record<string, unknown>)) {
    const bookmark = isName(name) && read.length < MAX_BOOKMARKS ? bookmarkOf(value) : undefined;
    if (bookmark) read.push([name, bookmark]);
  }
  return Object.fromEntries(read);
}

/**
 * A bookmark, or an instant to make one of, built anew of what is known alone; undefined where it
 * is neither.
 */
function bookmarkOf(value: unknown): SavedBookmark | undefined {
  const members = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { at: value };
  const at = parseInstant(members['at']);
  if (at === undefined) return undefined;
  const { place, systems } = members;
  return {
    v: 1,
    at,
    ...(isPlace(place) ? { place } : {}),
    ...(typeof systems === 'string' && systems.length <= MAX_SYSTEMS ? { systems } : {}),
  };
}
