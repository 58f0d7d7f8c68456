import type { Context } from '../connectors/connector.js';
import type { Instant } from '../model/instant.js';
import type { Budget } from './budget.js';
import type { Outcome } from './outcome.js';
import type { RetriedRows } from './rows.js';

/** What trying errored records again works with. */
export interface RetryWork {
  rows: RetriedRows;
  /**
   * Throws `SystemFailure` where the source is not well: what it does not have then says nothing.
   */
  expectHealthy(c: Context): Promise<void>;
  now(): Instant;
  /** Judges what is tried, and says why it stops. */
  budget: Budget;
  /** So many children were processed that had waited. */
  onReleased?(children: number): void;
  /** What the pipeline made of a record, once its row knows. */
  onOutcome?(id: string, outcome: Outcome): void;
}

export type Retried = 'healed' | 'failing' | 'gone';
