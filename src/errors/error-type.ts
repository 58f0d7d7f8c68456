import type { ClassifiedError, ErrorAction } from '../model/classified-error.js';
import type { RecordError } from './record-error.js';

/**
 * A named class of failure: how it is recognised, what happens next, and its remedy. Of several
 * conditions all must hold; the first type that matches wins.
 */
export interface ErrorType {
  name: string;
  /** On the error's text, ignoring case. */
  equals?: string;
  contains?: string;
  /** RE2, on the error's text, case as written; its named groups may be kept. */
  matches?: string;
  /** HTTP status. */
  status?: number;
  /** `RecordError.code`, or what the system itself called it (`systemCode`). */
  code?: string;
  /** Named groups of `matches` that hold no person's data: concept, code and location names. */
  keep: string[];
  then: ErrorAction;
  remedy: string;
}

/** Puts a record's failure under its error type. */
export type Classify = (error: RecordError) => ClassifiedError;
