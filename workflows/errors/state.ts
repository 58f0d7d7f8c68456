import type { RetrySheet } from '../../src/model/sheet.js';
import type { Instant } from '../../src/connectors/connector.js';
import type { Failing } from '../../src/model/failing.js';
import type { Pass } from '../../src/model/pass.js';
import type { Stop } from '../../src/model/stop.js';
import type { LeftOver } from './left-over.js';
import type { Pause } from '../../src/model/process-messages.js';

/** What a process knows of its side that tries errored records again. */
export interface ErrorsState {
  /** Retries rest, while changes go on. */
  pause?: Pause;
  /** Begin a pass at once, with every errored record that is tried by itself. */
  runNow?: true;
  /** Begin a pass at once, with those that are due. */
  wake?: true;
  /** The next pass tries all that waits for a parent from the other side: one may have come. */
  parentsCame?: true;
  /** The pass that goes on, with its bookmark: it resumes there. */
  pass?: Pass;
  /** When it last looked because it was time to: what the cadence counts from. */
  lastLook?: Instant;
  lastPass?: { began: Instant; ended: Instant; sheets: Record<string, RetrySheet> };
  /** Why an entity type was not retried to the end. */
  stopped: Record<string, Stop>;
  /** The code of the stop that the log was told. */
  told?: string;
  /** Consecutive turns in which a system failed. */
  failures: number;
  /** Until when it is left alone, since a system failed. */
  rests?: Instant;
  /**
   * How the children fared that the rows of each entity type released: what stops it counts over
   * all passes.
   */
  failing?: Record<string, Failing>;
  /**
   * Entity types of which too many children failed, until a pass gets to the end of one without.
   */
  tooMany?: Record<string, Stop>;
  /** Open rows that nothing tries, since the definition does not have their entity type. */
  leftOver?: LeftOver[];
  /** When the next pass begins by itself. */
  nextRun?: Instant;
}

export const noErrors: ErrorsState = { stopped: {}, failures: 0 };
