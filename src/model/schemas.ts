import { z } from 'zod';
import { isPlace, type Bookmark, type Json, type SavedBookmark } from './bookmark.js';
import type { Failing } from './failing.js';
import type { Findings } from './findings.js';
import { parseInstant, type Instant } from './instant.js';
import { isObject } from './is-object.js';
import type { Progress } from './progress.js';
import { emptyRetrySheet, emptySheet, type RetrySheet, type Sheet } from './sheet.js';
import type { Stop } from './stop.js';
import { unfrozen } from './unfrozen.js';

/**
 * What others hand back of what this engine wrote: memos, heartbeats, results of children, start
 * inputs. Nothing unknown is kept.
 */

const count = z.int().min(0);

/** An instant as the engine itself writes it. */
export const instantSchema = unfrozen<z.ZodType<Instant>>(
  z.string().refine((text) => parseInstant(text) === text, 'must be an ISO instant in UTC with milliseconds'),
);

/** An instant as people write it, as the engine writes it. */
export const givenInstant = unfrozen(
  z.unknown().transform((given, context): Instant => {
    const instant = parseInstant(given);
    if (instant !== undefined) return instant;
    context.addIssue('must be an ISO date-time with a zone, of a day that exists');
    return z.NEVER;
  }),
);

const bookmark = { v: z.literal(1), at: instantSchema(), place: z.custom<Json>(isPlace).exactOptional() };

const bookmarkSchema: z.ZodType<Bookmark> = z.strictObject(bookmark);

export const savedBookmarkSchema = unfrozen<z.ZodType<SavedBookmark>>(
  z.strictObject({ ...bookmark, systems: z.string().max(200).exactOptional() }),
);

/** A bookmark as people write it, or as a memo held it. */
export const givenBookmarkSchema = unfrozen(
  z.union([savedBookmarkSchema(), givenInstant().transform((at): SavedBookmark => ({ v: 1, at }))]),
);

export const sheetSchema = unfrozen<z.ZodType<Sheet>>(countsOf(emptySheet));

export const retrySheetSchema = unfrozen<z.ZodType<RetrySheet>>(countsOf(emptyRetrySheet));

const finding = z.object({ count, first: z.string() });

/** No `z.record`: it leaves out a concept named `__proto__`. */
export const findingsSchema = unfrozen(
  z.custom<Findings>((value) => isObject(value) && Object.values(value).every((each) => finding.safeParse(each).success)),
);

export const failingSchema = unfrozen<z.ZodType<Failing>>(
  z.object({
    consecutive: count,
    recent: z.string().refine((text) => /^[x.]*$/.test(text)),
    types: z.array(z.tuple([z.string(), count, z.string()])).exactOptional(),
    allowed: count.exactOptional(),
  }),
);

export const stopSchema = unfrozen<z.ZodType<Stop>>(
  z.object({
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
    needs: z.enum(['system', 'person']),
    byItself: z.literal(true).exactOptional(),
    system: z.string().exactOptional(),
    record: z.string().exactOptional(),
    open: count.exactOptional(),
    retryAfter: z.number().min(0).exactOptional(),
  }),
);

export const progressSchema = unfrozen<z.ZodType<Progress>>(
  z.object({
    bookmark: bookmarkSchema.nullable(),
    sheet: sheetSchema(),
    findings: findingsSchema(),
    failing: failingSchema().exactOptional(),
  }),
);

/** A count that an earlier release did not know is none. */
function countsOf<T extends Record<keyof T, number>>(empty: T): z.ZodType<T> {
  return z.object(Object.fromEntries(Object.keys(empty).map((key) => [key, count.default(0)]))) as unknown as z.ZodType<T>;
}
