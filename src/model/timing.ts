import { z } from 'zod';
import { unfrozen } from './unfrozen.js';

/** Milliseconds: a month at most. */
const duration = z
  .number('must be milliseconds')
  .positive('must be milliseconds')
  .max(31 * 86_400_000, 'must be a month at most');

/**
 * Time-outs and limits of this installation, in milliseconds; they come from the worker, so that
 * workflow code stays the same everywhere.
 */
export const timingSchema = unfrozen(
  z.object({
    heartbeatTimeout: duration,
    /** Before a lost activity is tried again: longer than a request's time-out plus 5 s. */
    retryInterval: duration,
    /** Longest life of one activity. */
    activityTimeout: duration,
    /** First and longest wait while a system is down. */
    backoffFirst: duration,
    backoffLongest: duration,
    /** After which a turn ends at the next safe place: changes and retries starve neither. */
    turn: duration,
  }),
);

export type Timing = z.output<ReturnType<typeof timingSchema>>;
