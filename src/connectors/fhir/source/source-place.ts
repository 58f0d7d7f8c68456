import { z } from 'zod';
import { instantSchema } from '../../../model/schemas.js';
import type { Bookmark, Instant } from '../../connector.js';
import type { Within } from './whole-window.js';

const within = z.strictObject({ stamp: instantSchema(), id: z.string().max(64) });
const place = z.union([z.strictObject({ within }), z.strictObject({ deleted: within })]);

/**
 * What a bookmark's place says: of one stamp, up to which id records are done; or up to which
 * deletions are.
 */
export type SourcePlace = { within: Within } | { deleted: Within };

/**
 * Undefined where there is none, or one that this source did not write: then what lies behind `at`
 * is read anew.
 */
export function placeOf(bookmark: Bookmark | null): SourcePlace | undefined {
  return place.safeParse(bookmark?.place).data;
}

/** A bookmark with a place. */
export function bookmarkAt(at: Instant, inside?: SourcePlace): Bookmark {
  return { v: 1, at, ...(inside ? { place: inside } : {}) };
}
