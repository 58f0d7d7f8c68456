import type { Bookmark, Instant } from '../src/connectors/connector.js';
import type { ClockDoubts } from '../src/model/clock-doubts.js';
import type { Failing } from '../src/model/failing.js';
import type { InHandState } from '../src/sync/in-hand.js';
import type { Findings, Sheet, Stop, SyncResult } from '../src/sync/results.js';
import type { RetryResult } from '../src/model/progress.js';
import type { RetrySheet } from '../src/model/sheet.js';
import type { LeftOver } from './errors/left-over.js';
import type { SavedBookmark } from '../src/model/bookmark.js';
import type { OpenCounts, Pause, Timing } from './state.js';

/** What passes between workflows and activities: plain JSON, with no record in it. */

export interface PlanCycleInput {
  v: 1;
  process: string;
  bookmarks: Record<string, SavedBookmark>;
  /** Only in a process' first run: as the operator gave them, not yet checked. */
  startBookmarks?: unknown;
  lastDone: Record<string, Instant>;
  runNow: boolean;
  acceptSystems: boolean;
  /** Entity types that are left alone, and until when: they are not due, unless `runNow`, or the definition is another than the one they failed under. */
  rests?: Record<string, Instant>;
  /** The digest of the definition under which those rest. */
  restsUnder?: string;
  /** How often each was stopped by a system's failure, one time after another; none where it was not. */
  failures?: Record<string, number>;
}

export type PlanCycleResult = { kind: 'plan'; plan: Plan } | { kind: 'refused'; code: string; message: string };

export interface Plan {
  digest: string;
  timing: Timing;
  /** Why the definition in the folder is not the one in force. */
  definitionProblem?: string;
  /** In the order they are synced. */
  types: PlannedType[];
  /** Of the systems that were asked: why their clock is not believed, or null. */
  clocks?: ClockDoubts;
  open?: OpenCounts;
  /** Its error process did not run, and was started: it asks by itself whether to rest. */
  errorsStarted?: true;
}

export interface PlannedType {
  entityType: string;
  dependsOn: string[];
  /** Where it stands: checked, `since` applied, with the fingerprint of its systems. */
  bookmark: SavedBookmark | null;
  systems: string;
  /** Names of the systems it needs. */
  uses?: string[];
  /** Milliseconds. */
  overlap: number;
  /** When it is due if it is not run now; in the past where it is due. */
  due: boolean;
  nextDue: Instant;
  /** Present where it is due and its source answered. */
  horizon?: Instant;
  /** No bookmark may lie beyond it; absent: the horizon itself can be believed. */
  believed?: Instant;
  /** Its bookmark lay ahead of the horizon by more than clocks may differ, and was taken back. */
  takenBack?: { from: Instant; to: Instant };
  hasChanges: boolean;
  /** Why it cannot run in this cycle. */
  stopped?: Stop;
  /** That is what others found of its source: it was not asked for it. */
  passedOver?: true;
}

export interface EntitySyncInput {
  v: 1;
  process: string;
  entityType: string;
  digest: string;
  systems: string;
  /** Where it stands, and where to read from: the same less the overlap. */
  bookmark: SavedBookmark | null;
  after: Bookmark | null;
  until: Instant;
  /** Its bookmark goes no further, though it reads further: more is not proven. */
  believed?: Instant;
  timing: Timing;
  /** Where all types got to; null where they never ran. */
  passed?: Record<string, Instant | null>;
  failing?: Failing;
  /** So many open rows an operator accepted. */
  openUpTo?: number;
  /** It stopped with too many errors: it goes on only if the record this names succeeds. */
  trial?: Stop;
  /** From continue-as-new: what was done before. */
  sheet?: Sheet;
  findings?: Findings;
}

export interface EntitySyncResult {
  v: 1;
  bookmark: SavedBookmark | null;
  sheet: Sheet;
  findings: Findings;
  failing?: Failing;
  done: boolean;
  stopped?: Stop;
  cancelled?: true;
}

export interface SyncChangesInput {
  v: 1;
  process: string;
  entityType: string;
  digest: string;
  after: Bookmark | null;
  until: Instant;
  passed?: Record<string, Instant | null>;
  failing?: Failing;
  /** So many open rows an operator accepted. */
  openUpTo?: number;
  trial?: Stop;
}

/** What `syncChanges` heartbeats, and resumes from. */
export interface SyncHeartbeat {
  v: 1;
  bookmark: Bookmark | null;
  sheet: Sheet;
  findings: Findings;
  failing?: Failing;
  /** What is in hand: absent once the activity ends in order. */
  inHand?: InHandState;
}

export interface PlanRetriesInput {
  v: 1;
  process: string;
  /** Only in an error process' first run: whether its regular process is paused. */
  first: boolean;
  /** When it last looked because it was time to; absent: never. */
  lastLook?: Instant;
  runNow: boolean;
}

export type PlanRetriesResult = { kind: 'plan'; plan: RetryPlan } | { kind: 'refused'; code: string; message: string };

export interface RetryPlan {
  digest: string;
  timing: Timing;
  definitionProblem?: string;
  /** Whether it is time for a pass. */
  due: boolean;
  /** When the next pass begins by itself. */
  nextDue: Instant;
  /** Rows that are due, whether or not it is time for a pass. */
  dueNow?: number;
  /** In the order they are retried; those with nothing due are left out. Empty where no pass is due. */
  types: { entityType: string; dependsOn: string[]; due: number }[];
  open: OpenCounts;
  /** Absent where there is none. */
  leftOver?: LeftOver[];
  /** So many open rows an operator accepted of the regular process; looked for only where too many are open. */
  openUpTo?: number;
  /** The regular process is paused: rest with it. */
  follow?: Pause;
}

/** A row that is due, as its list shows it. */
export interface DueRow {
  id: string;
  firstFailedAt: Instant;
}

export interface DueRowsInput {
  v: 1;
  process: string;
  entityType: string;
  digest: string;
  /** The last one tried in this pass. */
  after?: DueRow;
  /** Rows due up to here: when the pass began. */
  until: Instant;
  limit: number;
}

export type DueRowsResult = { rows: DueRow[] } | { stopped: Stop };

export interface RetryErroredInput {
  v: 1;
  process: string;
  entityType: string;
  digest: string;
  rows: DueRow[];
  /** How the children fared that were released before. */
  failing?: Failing;
  /** So many open rows an operator accepted. */
  openUpTo?: number;
}

/** Rows of a batch whose worker was lost, and that is not tried again for now. */
export interface LookAgainInput {
  v: 1;
  process: string;
  entityType: string;
  rows: DueRow[];
}

/** An entity type whose `entityRetry` was terminated, or failed. */
export interface LookAgainAfterInput {
  v: 1;
  process: string;
  entityType: string;
}

export type { RetryResult, RetrySheet };

/** What `retryErrored` heartbeats, and resumes from. */
export interface RetryHeartbeat {
  v: 1;
  sheet: RetrySheet;
  done: number;
  inHand?: InHandState;
  failing?: Failing;
}

export interface EntityRetryInput {
  v: 1;
  process: string;
  entityType: string;
  digest: string;
  until: Instant;
  after?: DueRow;
  timing: Timing;
  failing?: Failing;
  openUpTo?: number;
  sheet?: RetrySheet;
  /** From continue-as-new: too many children of some failed. */
  stopped?: Stop;
}

export interface EntityRetryResult {
  v: 1;
  sheet: RetrySheet;
  /** The last one tried. */
  after?: DueRow;
  failing?: Failing;
  done: boolean;
  stopped?: Stop;
  cancelled?: true;
}

export interface Activities {
  planCycle(input: PlanCycleInput): Promise<PlanCycleResult>;
  syncChanges(input: SyncChangesInput): Promise<SyncResult>;
}

/** Those of the error process. */
export interface RetryActivities {
  planRetries(input: PlanRetriesInput): Promise<PlanRetriesResult>;
  dueRows(input: DueRowsInput): Promise<DueRowsResult>;
  retryErrored(input: RetryErroredInput): Promise<RetryResult>;
  lookAgain(input: LookAgainInput): Promise<void>;
  lookAgainAfter(input: LookAgainAfterInput): Promise<void>;
}
