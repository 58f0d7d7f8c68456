import type { Instant } from '../../src/connectors/connector.js';
import type { Failing } from '../../src/model/failing.js';
import type { Stop } from '../../src/sync/results.js';
import type { DueRow, RetrySheet } from '../contracts.js';
import type { LeftOver } from './left-over.js';
import type { OpenCounts, Pause, SyncState } from '../state.js';

/** What an error process carries from run to run: plain JSON, its continue-as-new input. */
export interface ErrorsState {
  v: 1;
  cycle: number;
  state: SyncState;
  /** When `state` began. */
  since: Instant;
  pause?: Pause;
  /** The pause of its regular process, which it rests by. */
  followed?: Pause;
  runNow?: true;
  /** A plan was made, which says whether its regular process is paused; from then on that process tells. */
  asked?: true;
  /** The cycle in which a worker last had another definition than the one that planned. */
  changedIn?: number;
  /** A pass was asked for while no plan could be made. */
  owed?: true;
  /** Consecutive passes in which a system failed. */
  failures: number;
  digest?: string;
  definitionProblem?: string;
  ignored?: string;
  nextRun?: Instant;
  /** The pass that goes on, with its bookmark: it resumes there. Kept in the memo too. */
  pass?: Pass;
  /** When it last looked because it was time to: what the cadence counts from. */
  lastLook?: Instant;
  lastPass?: { began: Instant; ended: Instant; sheets: Record<string, RetrySheet> };
  /** Why an entity type was not retried to the end. */
  stopped: Record<string, Stop>;
  /** Why the process as a whole cannot run. */
  refused?: Stop;
  /** How the children fared that the rows of each entity type released: what stops it counts over all passes. */
  failing?: Record<string, Failing>;
  /** Entity types of which too many children failed, until a pass gets to the end of one without. */
  tooMany?: Record<string, Stop>;
  /** By `resume`: so many rows may be open, until fewer than half of them are. */
  openUpTo?: number;
  open?: OpenCounts;
  /** Open rows that nothing tries, since the definition does not have their entity type. */
  leftOver?: LeftOver[];
}

export interface Pass {
  began: Instant;
  /** Entity types done with. */
  done: string[];
  /** The last one tried of each type begun and not done with. */
  after: Record<string, DueRow>;
  sheets: Record<string, RetrySheet>;
}

/** Start input; `state` comes from continue-as-new alone. */
export interface ErrorProcessInput {
  /** The regular process, e.g. `clinic/maternal-health`. */
  process: string;
  state?: unknown;
}

/** A first state, or one carried by continue-as-new, of whatever version this release knows. @throws Error for a newer one. */
export function upgradeErrorsState(carried: unknown, now: Instant): ErrorsState {
  if (carried === undefined) return { v: 1, cycle: 1, state: 'idle', since: now, failures: 0, stopped: {} };
  const state = carried as ErrorsState;
  if (state.v !== 1) throw new Error(`State version ${String(state.v)} is not known to this release: run a newer worker.`);
  return state;
}

export const noRetries: RetrySheet = { tried: 0, healed: 0, failing: 0, gone: 0, released: 0 };
