import type { Instant } from './instant.js';

/** A value of JSON. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/**
 * Where a process got to in an entity type. Done are all records with stamp ≤ `at`, and of those
 * behind it what `place` says, which is the source's own: nobody else looks into it. It does not
 * grow with the data.
 */
export interface Bookmark {
  v: 1;
  at: Instant;
  place?: Json;
}

/**
 * A bookmark and the fingerprint of the two systems it belongs to: what the memo holds and a start
 * input may carry.
 */
export type SavedBookmark = Bookmark & { systems?: string };

/** Characters of a source's own place: it stands in each history, and in the memo. */
const MAX_PLACE = 4_000;

/** Whether what came as JSON may be a source's own place. */
export function isPlace(value: unknown): value is Json {
  try {
    return value !== undefined && JSON.stringify(value).length <= MAX_PLACE;
  } catch {
    // Nested too deeply to be written.
    return false;
  }
}

/** Whether a reading got on between the two. */
export function isSameBookmark(a: Bookmark | null, b: Bookmark | null): boolean {
  return a?.at === b?.at && JSON.stringify(a?.place) === JSON.stringify(b?.place);
}

/**
 * What a type may have passed by: nothing where it was never synced; up to a place only its source
 * could tell, so it is not named.
 */
export function passedTo(entityType: string, bookmark: Bookmark | null | undefined): Record<string, Instant | null> {
  return bookmark?.place === undefined ? { [entityType]: bookmark?.at ?? null } : {};
}
