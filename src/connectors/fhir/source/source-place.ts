import { z } from 'zod';
import { instantSchema } from '../../../model/schemas.js';
import type { Json } from '../../../model/bookmark.js';
import type { Bookmark, Instant } from '../../connector.js';
import type { Within } from './whole-window.js';

const within = z.strictObject({ stamp: instantSchema(), id: z.string().max(64) });
const gone = z.strictObject({ from: z.custom<Json>((value) => value !== undefined).optional() });
const place = z.union([z.strictObject({ within }), z.strictObject({ deleted: within }), z.strictObject({ gone })]);

/**
 * What a bookmark's place says: of one stamp, up to which id records are done; or up to which
 * deletions are; or from where on what stands in the destination is still to be looked for.
 */
export type SourcePlace = { within: Within } | { deleted: Within } | { gone: { from?: Json | undefined } };

/**
 * Undefined where there is none, or one that this source did not write: then what lies behind `at`
 * is read anew.
 */
export function placeOf(bookmark: Bookmark | null): SourcePlace | undefined {
  return place.safeParse(bookmark?.place).data;
}

/** A bookmark with a place. */
export function bookmarkAt(at: Instant, inside?: SourcePlace): Bookmark {
  return { v: 1, at, ...(inside ? { place: inside as Json } : {}) };
}
