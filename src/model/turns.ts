import { z } from 'zod';
import { knownRowsSchema, type KnownRows } from './known-rows.js';
import { passSchema, retryStateSchema } from './pass.js';
import { classifiedErrorSchema } from './row-messages.js';
import { failingSchema, findingsSchema, savedBookmarkSchema, sheetSchema, stopSchema } from './schemas.js';
import { timingSchema } from './timing.js';
import { unfrozen } from './unfrozen.js';

/** What a process starts its children with, and what they give back: those that may write. */

/** A name, digest or instant. */
const short = z.string().max(300);
const begun = { v: z.literal(1), process: short, timing: timingSchema() };

/** What of the inputs of its children tells that the process itself started them. */
export const childInputs = unfrozen({
  entitySync: z.looseObject({ ...begun, entityType: short, digest: short, until: short, failing: z.looseObject({}).exactOptional() }),
  errorProcess: z.looseObject({ ...begun, digest: short, pass: passSchema(), failing: z.looseObject({}).exactOptional() }),
  recordSync: z.looseObject({ ...begun, entityType: short, id: z.string() }),
});

/** What of the input of a look, which writes nothing, tells that a command started it. */
export const lookInput = unfrozen(z.looseObject({ v: z.literal(1), process: short }));

const isTrue = z.literal(true).exactOptional();

/** How a turn ended. */
const ended = {
  v: z.literal(1),
  cancelled: isTrue,
  /** What its activity sent last may still arrive. */
  lost: isTrue,
  rows: knownRowsSchema().exactOptional(),
};

export const entitySyncResult = unfrozen(
  z.object({
    ...ended,
    bookmark: savedBookmarkSchema().nullable(),
    sheet: sheetSchema(),
    findings: findingsSchema(),
    failing: failingSchema().exactOptional(),
    /**
     * Whether it got to the horizon; where it did not, was not stopped and not cancelled, its turn
     * was over.
     */
    done: z.boolean(),
    stopped: stopSchema().exactOptional(),
  }),
);

export const errorProcessResult = unfrozen(
  z.object({
    ...ended,
    ...retryStateSchema().shape,
    /** Whether the pass got to its end. */
    done: z.boolean(),
  }),
);

/** What became of one record; nothing in it is a person's. */
export const recordSyncResult = unfrozen(
  z.object({
    ...ended,
    /** `gone`: its source has no such record; `outcome` is then that of the removal policy. */
    what: z.enum(['in step', 'failing', 'gone']),
    outcome: z.string().exactOptional(),
    /** As its error type has it. */
    error: classifiedErrorSchema().exactOptional(),
    /** The record that it waits on. */
    on: z.object({ entityType: z.string(), id: z.string() }).exactOptional(),
    /** Whether it had an open row before. */
    hadRow: z.boolean(),
    /** It cannot be read and had no row, so none was opened: its id may be mistyped. */
    unrecorded: isTrue,
    /** Why nothing was done, or not all of it: a system failed, or an error type says stop. */
    stopped: stopSchema().exactOptional(),
  }),
);

/** What every child that may write tells of its turn. */
export interface TurnEnd {
  lost?: true;
  rows?: KnownRows;
}

export type EntitySyncResult = z.output<ReturnType<typeof entitySyncResult>>;
export type ErrorProcessResult = z.output<ReturnType<typeof errorProcessResult>>;
export type RecordSyncResult = z.output<ReturnType<typeof recordSyncResult>>;

/** What an activity says of the records that it tried again. */
export type RetryErroredResult = Omit<ErrorProcessResult, 'v' | 'lost'>;
/** What an activity says of one record. */
export type SyncRecordResult = Omit<RecordSyncResult, 'v' | 'lost' | 'cancelled'>;
