import { z } from 'zod';
import { instantSchema } from './schemas.js';
import { unfrozen } from './unfrozen.js';

const count = z.int().min(0);

/**
 * By entity type, then by error type; ignored ones apart. Children are counted on the entity type
 * of the record they wait on.
 */
const openCounts = z.record(z.string(), z.object({ errored: z.record(z.string(), count), ignored: count, waiting: count }));

/** What an activity that writes knows of the errored records of its process. */
export const knownRowsSchema = unfrozen(
  z.object({
    open: openCounts,
    /**
     * Records that are to be tried at once, whatever the cadence: those in step on which children
     * wait, and those that a changed definition may mend.
     */
    dueAtOnce: count,
    /** When the first of the others is tried again. */
    nextRetryAt: instantSchema().exactOptional(),
    /** A record came in step just now on which children wait. */
    wake: z.literal(true).exactOptional(),
    /** Records were written of a type which rows of other types wait for. */
    parentsCame: z.literal(true).exactOptional(),
    /** When the list was last read; absent: it is to be read. */
    listedAt: instantSchema().exactOptional(),
  }),
);

export type OpenCounts = z.output<typeof openCounts>;

/**
 * What the process knows of its errored records: what the last activity that writes knew of them,
 * compared with the list now and then.
 */
export type KnownRows = z.output<ReturnType<typeof knownRowsSchema>>;
