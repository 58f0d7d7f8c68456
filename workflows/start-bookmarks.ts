import type { SavedBookmark } from '../src/model/bookmark.js';
import { isObject } from '../src/model/is-object.js';
import { isName } from '../src/model/names.js';
import { givenBookmarkSchema } from '../src/model/schemas.js';

/** Bookmarks that are kept of those given: no process has so many entity types. */
const MAX_BOOKMARKS = 500;

/**
 * What an operator gave as `bookmarks`, as far as it can be read: for the memo, until the first
 * plan has checked it.
 */
export function startBookmarks(given: unknown): Record<string, SavedBookmark> {
  if (!isObject(given)) return {};
  const read = Object.entries(given).flatMap(([name, value]) => {
    const { data } = givenBookmarkSchema().safeParse(value);
    return data && isName(name) ? [[name, data] as const] : [];
  });
  return Object.fromEntries(read.slice(0, MAX_BOOKMARKS));
}
