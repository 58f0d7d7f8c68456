import { z } from 'zod';
import { instantSchema } from '../../model/schemas.js';
import type { Bookmark, Instant } from '../connector.js';

/**
 * A group of one stamp: of its pages of `size`, those from the last one down to `page` are done.
 */
export interface Group {
  stamp: Instant;
  page: number;
  size: number;
}

const groupSchema: z.ZodType<Group> = z.object({ stamp: instantSchema(), page: z.int().min(0), size: z.int().min(1) });

/**
 * The group that a bookmark stands in the middle of. One that lies beyond what may be read, or that
 * this connector did not write, is read anew from `at`.
 */
export function groupIn({ at, place }: Bookmark, until: Instant): Group | undefined {
  const { data: group } = groupSchema.safeParse(place);
  return group && group.stamp > at && group.stamp <= until ? group : undefined;
}

/** A bookmark in the middle of a group; `at` is where the reading was before it. */
export function bookmarkIn({ stamp, page, size }: Group, at: Instant): Bookmark {
  return { v: 1, at, place: { stamp, page, size } };
}
