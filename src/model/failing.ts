/** How the latest records of an entity type fared; held ones count nowhere here. */
export interface Failing {
  /** Failures in a row, up to now. */
  consecutive: number;
  /** The latest records, oldest first: `x` failed, `.` did not. */
  recent: string;
  /**
   * The error types of those of them that failed, oldest first, and how many in turn; a remedy with
   * the latest of each type, '' with others.
   */
  types?: [errorType: string, count: number, remedy: string][];
  /** So many more failures an operator allowed, by `resume`: they count nowhere. */
  allowed?: number;
}

export const notFailing: Readonly<Failing> = { consecutive: 0, recent: '' };

/**
 * What an operator allows by `resume` after too many failures: each becomes an errored record,
 * until the type gets to its horizon.
 */
const ALLOWED_BY_RESUME = 1_000;

/** A fresh start, with the failures that `resume` allows. */
export const allowedByResume: Readonly<Failing> = { ...notFailing, allowed: ALLOWED_BY_RESUME };

/** Up to how many rows may be open by a `resume`, where so many were too many. */
export function openAfterResume(allowed: number | undefined, open: number): number {
  return Math.max(allowed ?? 0, Math.ceil(open * 1.5));
}
