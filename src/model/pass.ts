import { z } from 'zod';
import { failingSchema, instantSchema, retrySheetSchema, stopSchema } from './schemas.js';
import { unfrozen } from './unfrozen.js';

/** A row that is due, as its list shows it. */
const dueRow = z.object({ id: z.string(), firstFailedAt: instantSchema() });

/**
 * Where a pass got to: the entity type in hand, and the last of its errored records that was tried.
 */
const retryPlace = z.object({ entityType: z.string(), after: dueRow.exactOptional() });

/**
 * One walk over the errored records that are due, in the order in which entity types are synced.
 */
export const passSchema = unfrozen(
  z.object({
    began: instantSchema(),
    /** With those that are not due yet. */
    all: z.literal(true).exactOptional(),
    /** With those that wait for a parent from the other side. */
    parentsCame: z.literal(true).exactOptional(),
    /** `runNow` came while it went on: another follows it, with every errored record. */
    again: z.literal(true).exactOptional(),
    /** Where it got to. */
    place: retryPlace.exactOptional(),
    sheets: z.record(z.string(), retrySheetSchema()),
  }),
);

/** How far a turn of retries got. */
export const retryStateSchema = unfrozen(
  z.object({
    pass: passSchema(),
    /** How the children fared that were released, by the entity type that released them. */
    failing: z.record(z.string(), failingSchema()),
    /** Why an entity type was not tried to its end. */
    stopped: z.record(z.string(), stopSchema()),
  }),
);

export type DueRow = z.output<typeof dueRow>;
export type Pass = z.output<ReturnType<typeof passSchema>>;
export type RetryState = z.output<ReturnType<typeof retryStateSchema>>;
