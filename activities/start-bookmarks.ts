import { z } from 'zod';
import type { Instant } from '../src/connectors/connector.js';
import { parseInstant } from '../src/model/instant.js';
import { savedBookmarkSchema } from '../src/model/schemas.js';
import type { SavedBookmark } from '../src/model/bookmark.js';
import { setOwn } from '../src/model/keyed.js';

/** What an operator gave as `bookmarks`: by entity type, an ISO instant or what a memo held. */
export function parseStartBookmarks(
  given: unknown,
  entityTypes: string[],
  now: Instant,
): { bookmarks: Record<string, SavedBookmark> } | { refused: string } {
  if (given === undefined) return { bookmarks: {} };
  const entries = z.record(z.string(), z.unknown()).safeParse(given);
  if (!entries.success)
    return { refused: 'bookmarks must be an object: {"<entity type>": "<ISO instant>"}, or what the memo of an earlier run held.' };
  const bookmarks: Record<string, SavedBookmark> = {};
  for (const [name, value] of Object.entries(entries.data)) {
    if (!entityTypes.includes(name)) {
      // A memo also holds those of types that the definition has lost since.
      if (isOfMemo(value)) continue;
      return { refused: `bookmarks: there is no entity type "${name.slice(0, 60)}" in this process. It has: ${entityTypes.join(', ')}.` };
    }
    const bookmark = parseBookmark(value);
    if (!bookmark) return { refused: `bookmarks.${name} is neither an ISO instant with a zone nor a bookmark {"v": 1, "at": …}.` };
    if (bookmark.at > now) return { refused: `bookmarks.${name} lies in the future: all that changed up to then would be passed over.` };
    setOwn(bookmarks, name, bookmark);
  }
  return { bookmarks };
}

function isOfMemo(value: unknown): boolean {
  return typeof value === 'object' && parseBookmark(value)?.systems !== undefined;
}

function parseBookmark(value: unknown): SavedBookmark | undefined {
  if (typeof value === 'string') {
    const at = parseInstant(value);
    return at === undefined ? undefined : { v: 1, at };
  }
  return savedBookmarkSchema.safeParse(value).data;
}
