import type { Bookmark } from './bookmark.js';
import type { Failing } from './failing.js';
import type { Findings } from './findings.js';
import type { RetrySheet, Sheet } from './sheet.js';
import type { Stop } from './stop.js';

/**
 * How far an entity type got. Its parts move together, and only past a page that is whole and whose
 * failures are recorded.
 */
export interface Progress {
  bookmark: Bookmark | null;
  sheet: Sheet;
  findings: Findings;
  failing?: Failing;
}

/** What became of a piece of work on one entity type. */
export interface SyncResult extends Progress {
  /** Whether it got to the horizon. */
  done: boolean;
  stopped?: Stop;
  /** It ended early because it was told to. */
  cancelled?: true;
}

/** How far a pass over errored records of an entity type got; its parts move together. */
export interface RetryProgress {
  sheet: RetrySheet;
  /** How many of the rows given are done with. */
  done: number;
  /** How the children fared that were released, and those before. */
  failing?: Failing;
}

/** What became of errored records that were tried again. */
export interface RetryResult extends RetryProgress {
  stopped?: Stop;
  /** It ended early because it was told to. */
  cancelled?: true;
}
