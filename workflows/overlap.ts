import type { Bookmark } from '../src/connectors/connector.js';
import type { SavedBookmark } from '../src/model/bookmark.js';

/** Where to read from, `overlap` milliseconds before the bookmark: commits that became visible late are met again. Never inside a group of one timestamp. */
export function withOverlap(saved: SavedBookmark, overlap: number): Bookmark {
  const { systems: _systems, ...place } = saved;
  return place.inside ? place : { ...place, at: new Date(Date.parse(place.at) - overlap).toISOString() };
}
