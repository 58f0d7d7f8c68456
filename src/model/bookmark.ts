import type { Instant } from './instant.js';

/**
 * Where a process got to in an entity type. Done are all records with stamp ≤ `at`, and, of the records stamped exactly
 * `inside.stamp`, the pages of `inside.size` from the last one down to `inside.page`.
 */
export interface Bookmark {
  v: 1;
  at: Instant;
  inside?: { stamp: Instant; page: number; size: number };
}

/** A bookmark and the fingerprint of the two systems it belongs to: what the memo holds and a start input may carry. */
export type SavedBookmark = Bookmark & { systems?: string };
