import { parseInstant } from './messages.js';
import type { SavedBookmark } from './state.js';
import { setOwn } from '../src/model/keyed.js';

/** What an operator gave as `bookmarks`, as far as it can be read: for the memo, until the first plan has checked it. */
export function startBookmarks(given: unknown, parse = parseInstant): Record<string, SavedBookmark> {
  if (typeof given !== 'object' || given === null) return {};
  const bookmarks: Record<string, SavedBookmark> = {};
  for (const [name, value] of Object.entries(given as Record<string, unknown>)) {
    const at = parse(typeof value === 'string' ? value : (value as SavedBookmark | null)?.at);
    if (at !== undefined) setOwn(bookmarks, name, typeof value === 'string' ? { v: 1, at } : (value as SavedBookmark));
  }
  return bookmarks;
}
