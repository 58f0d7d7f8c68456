import type { RecordError } from '../errors/record-error.js';
import type { RecordRef } from '../model/record-key.js';
import type { Result } from '../model/sheet.js';
import type { WaitingChild } from '../model/waiting-child.js';

export interface Errored {
  result: 'errored';
  error: RecordError;
}

export interface Held {
  result: 'held';
  /** The record whose row it waits on: the one that failed, however many held ones lie between. */
  on: RecordRef;
}

/** A parent that its destination's system owns is not there yet: it waits by a row of its own. */
export interface Awaiting {
  result: 'held';
  error: RecordError;
}

/**
 * It is as it should be in the destination. `released`: children that were made to wait on it, and
 * need not any more.
 */
export interface Done {
  result: Exclude<Result, 'errored' | 'held'>;
  unmapped?: string[];
  /** It took over what was there already: an update of its own kind. */
  adopted?: true;
  /** Somebody else had changed it there. */
  edited?: true;
  released?: WaitingChild[];
}

/** What became of one record. */
export type Outcome = Done | Errored | Held | Awaiting;

export function isDone(outcome: Outcome): outcome is Done {
  return outcome.result !== 'errored' && outcome.result !== 'held';
}

/**
 * Thrown where a destination or this pipeline breaks its own promise: never a record's or a
 * system's fault.
 */
export class Unbalanced extends Error {
  override readonly name = 'Unbalanced';
}

/** @throws Unbalanced, always: a defect. */
export function withoutOutcome(): never {
  throw new Unbalanced('A record came out of the pipeline without an outcome');
}
