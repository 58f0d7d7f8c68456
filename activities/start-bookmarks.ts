import type { Instant } from '../src/connectors/connector.js';
import { isObject } from '../src/model/is-object.js';
import { givenBookmarkSchema } from '../src/model/schemas.js';
import type { SavedBookmark } from '../src/model/bookmark.js';
import { setOwn } from '../src/model/keyed.js';

/** What an operator gave as `bookmarks`: by entity type, an ISO instant or what a memo held. */
export function parseStartBookmarks(
  given: unknown,
  entityTypes: string[],
  now: Instant,
): { bookmarks: Record<string, SavedBookmark> } | { refused: string } {
  if (given === undefined) return { bookmarks: {} };
  if (!isObject(given))
    return { refused: 'bookmarks must be an object: {"<entity type>": "<ISO instant>"}, or what the memo of an earlier run held.' };
  const bookmarks: Record<string, SavedBookmark> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!entityTypes.includes(name)) {
      // A memo also holds those of types that the definition has lost since.
      if (isObject(value) && givenBookmarkSchema().safeParse(value).data?.systems !== undefined) continue;
      return { refused: `bookmarks: there is no entity type "${name.slice(0, 60)}" in this process. It has: ${entityTypes.join(', ')}.` };
    }
    const bookmark = givenBookmarkSchema().safeParse(value).data;
    if (!bookmark) return { refused: `bookmarks.${name} is neither an ISO instant with a zone nor a bookmark {"v": 1, "at": …}.` };
    if (bookmark.at > now) return { refused: `bookmarks.${name} lies in the future: all that changed up to then would be passed over.` };
    setOwn(bookmarks, name, bookmark);
  }
  return { bookmarks };
}
