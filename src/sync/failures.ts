import type { ClassifiedError } from '../model/classified-error.js';
import type { Instant } from '../model/instant.js';
import type { RecordRef } from '../model/record-key.js';

/**
 * A record that could not be brought over: it failed, or waits for another one that did. Plain
 * data, without a value of the record.
 */
export type RecordFailure = RecordErrored | RecordHeld;

export interface RecordErrored {
  kind: 'errored';
  entityType: string;
  id: string;
  version: string;
  stamp: Instant;
  error: ClassifiedError;
}

export interface RecordHeld {
  kind: 'held';
  entityType: string;
  id: string;
  version: string;
  stamp: Instant;
  /** The record whose row it waits on: the one that failed, however many held ones lie between. */
  on: RecordRef;
  /**
   * Its error where it has a row of its own: there where the source could not list it, were more to
   * wait on that row than are listed there.
   */
  alone?: ClassifiedError;
}
