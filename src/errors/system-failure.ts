/** What makes a system, not a record, fail, by HTTP alone. */
export type SystemFailureCode =
  | 'Unreachable' // no connection: refused, reset, name not found
  | 'TlsFailed'
  | 'TimedOut'
  | 'Unauthorized' // 401, also after one renewal
  | 'Forbidden' // 403 on reading
  | 'NotFound' // 404 where the system must answer: the URL is wrong
  | 'RateLimited' // 429
  | 'Unavailable' // 502, 503, 504
  | 'ServerError' // a bare 500 of a system that its probe finds sick
  | 'BadResponse'; // not JSON, truncated, or not of the shape that was asked

/** What no system gets over alone: a privilege or credentials that are wanting. */
const FOR_A_PERSON: ReadonlySet<string> = new Set<SystemFailureCode>(['Forbidden', 'Unauthorized']);

export interface SystemFailureDetails {
  /** A `SystemFailureCode`, or one of a connector's own. */
  code: string;
  /** What happened, without any value of a record, and without secrets. */
  message: string;
  /** What a person can do, in one sentence. */
  remedy: string;
  /** The system does not get over it alone. */
  needsPerson?: true;
  /** HTTP status, where there was an answer. */
  status?: number;
  /** Milliseconds the system asked to be left alone. */
  retryAfter?: number;
}

/**
 * Thrown when a system as such fails: the entity type stops at its bookmark and is tried again
 * later. Never a record's fault.
 */
export class SystemFailure extends Error {
  override readonly name = 'SystemFailure';
  readonly code: string;
  readonly needsPerson: boolean;
  readonly remedy: string;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  /** The definition's name for the system; set where it is known. */
  system: string | undefined;

  constructor(details: SystemFailureDetails, options?: ErrorOptions) {
    super(details.message, options);
    this.code = details.code;
    this.needsPerson = details.needsPerson ?? FOR_A_PERSON.has(details.code);
    this.remedy = details.remedy;
    this.status = details.status;
    this.retryAfter = details.retryAfter;
  }
}

/** Thrown where work ends because it was cancelled (pause, shutdown): nothing failed. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}
