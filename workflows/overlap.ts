import type { Bookmark } from '../src/connectors/connector.js';
import type { SavedBookmark } from '../src/model/bookmark.js';

/**
 * Where to read from, `overlap` milliseconds before the bookmark: commits that became visible late
 * are met again. Never from a place that only the source knows.
 */
export function withOverlap(saved: SavedBookmark, overlap: number): Bookmark {
  const { systems: _systems, ...bookmark } = saved;
  return bookmark.place === undefined ? { ...bookmark, at: new Date(Date.parse(bookmark.at) - overlap).toISOString() } : bookmark;
}
