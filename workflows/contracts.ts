import type { Bookmark, Instant } from '../src/connectors/connector.js';
import type { ClockDoubts } from '../src/model/clock-doubts.js';
import type { Failing } from '../src/model/failing.js';
import type { PlanRequest, ProcessPlan } from '../src/sync/plan-types.js';
import type { InHandState } from '../src/sync/in-hand.js';
import type { Preview } from '../src/sync/preview.js';
import type { ReconcileRequest, Reconciliation } from '../src/sync/reconcile/reconciliation.js';
import type { Trace } from '../src/sync/trace.js';
import type { Findings } from '../src/model/findings.js';
import type { SyncResult } from '../src/model/progress.js';
import type { Sheet } from '../src/model/sheet.js';
import type { Stop } from '../src/model/stop.js';
import type { LeftOver } from './errors/left-over.js';
import type { SavedBookmark } from '../src/model/bookmark.js';
import type { Pass } from '../src/model/pass.js';
import type { KnownRows } from '../src/model/known-rows.js';
import type { Timing } from '../src/model/timing.js';
import type { RetryState } from '../src/model/pass.js';
import type { RetryErroredResult, SyncRecordResult } from '../src/model/turns.js';

/** What passes between workflows and activities: plain JSON, with no record in it. */

export interface PlanCycleInput {
  v: 1;
  process: string;
  /** When the process was started: what its cadences count from. */
  began: Instant;
  bookmarks: Record<string, SavedBookmark>;
  /** Only in a process' first run: as the operator gave them, not yet checked. */
  startBookmarks?: unknown;
  lastDone: Record<string, Instant>;
  runNow: boolean;
  /** The plan that `runNow` asks for: of another one nothing is run now. */
  plan?: string;
  acceptSystems: boolean;
  /**
   * Entity types that are left alone, and until when: they are not due, unless `runNow`, or the
   * definition is another than the one they failed under.
   */
  rests?: Record<string, Instant>;
  /** The digest of the definition under which those rest. */
  restsUnder?: string;
  /**
   * How often each was stopped by a system's failure, one time after another; none where it was
   * not.
   */
  failures?: Record<string, number>;
  /**
   * Of the definition that the last plan followed; absent until one was made: then what an earlier
   * process left may still write.
   */
  digest?: string;
  /** When that definition was changed: a worker that has an older one hands the plan on. */
  changedAt?: Instant;
  /** No other worker has the process, or a newer definition of it: this one is to answer. */
  insist?: true;
  /**
   * Whether to read the list of errored records; it is read anyway where the definition changed.
   */
  list: boolean;
  /** When errored records were last looked at because it was time to; absent: never. */
  lastErrorsLook?: Instant;
}

export type PlanCycleResult =
  | { kind: 'plan'; plan: Plan }
  | { kind: 'refused'; code: string; message: string }
  /** The worker that was asked has not the process, or an older definition: another may have it. */
  | { kind: 'elsewhere'; worker: string; message: string }
  /** A child of an earlier process may still write, until then at least. */
  | { kind: 'busy'; until: Instant };

export interface Plan {
  digest: string;
  /** The plan is another one than `runNow` asked for: this one. */
  other?: string;
  /** When that definition was changed. */
  changedAt?: Instant;
  timing: Timing;
  /** Why the definition in the folder is not the one in force. */
  definitionProblem?: string;
  /** In the order they are synced. */
  types: PlannedType[];
  /** Of the systems that were asked: why their clock is not believed, or null. */
  clocks?: ClockDoubts;
  /** What the list of errored records shows, where it was read. */
  rows?: KnownRows;
  /** Of those, what nothing tries. */
  leftOver?: LeftOver[];
  /** Whether it is time for a pass over errored records, and when the next one begins by itself. */
  errors: { due: boolean; nextDue: Instant };
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

export interface SyncChangesInput {
  v: 1;
  process: string;
  entityType: string;
  digest: string;
  changedAt?: Instant;
  /** Where to read from. */
  after: Bookmark | null;
  until: Instant;
  /** Where all types got to; null where they never ran. */
  passed?: Record<string, Instant | null>;
  failing?: Failing;
  /** So many open rows an operator accepted. */
  openUpTo?: number;
  /** It stopped with too many errors: it goes on only if the record this names succeeds. */
  trial?: Stop;
  /** Milliseconds after which it ends between two pages. */
  time: number;
}

/** What is told of an entity type to the child that syncs it. */
export interface EntitySyncInput extends Omit<SyncChangesInput, 'time'> {
  systems: string;
  /** Where it stands; `after` is the same less the overlap. */
  bookmark: SavedBookmark | null;
  /** Its bookmark goes no further, though it reads further: more is not proven. */
  believed?: Instant;
  timing: Timing;
  /** Milliseconds since the epoch: the turn ends at the next safe place after. */
  turnEnds: number;
}

export interface SyncChangesResult extends SyncResult {
  rows?: KnownRows;
}

/** What an activity does now, in its heartbeat: for people. Milliseconds. */
export interface Doing {
  /** The oldest request that has no answer yet, by method and host. */
  waits?: { what: string; ms: number };
  /** For how long it has had its page, or batch, in hand. */
  pageMs?: number;
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
  doing?: Doing;
}

export interface RetryErroredInput {
  v: 1;
  process: string;
  digest: string;
  changedAt?: Instant;
  pass: Pass;
  /** How the children fared that each entity type released before. */
  failing?: Record<string, Failing>;
  /** Entity types that stopped in this pass: what depends on them is left. */
  stopped?: Record<string, Stop>;
  /** So many open rows an operator accepted. */
  openUpTo?: number;
  /** Milliseconds after which it ends between two batches. */
  time: number;
}

/** What `retryErrored` heartbeats, and resumes from. */
export interface RetryHeartbeat extends RetryState {
  v: 1;
  inHand?: InHandState;
}

export interface ErrorProcessInput extends Omit<RetryErroredInput, 'time'> {
  timing: Timing;
  /** Milliseconds since the epoch: the turn ends at the next safe place after. */
  turnEnds: number;
}

export interface SyncRecordInput {
  v: 1;
  process: string;
  entityType: string;
  id: string;
}

export interface RecordSyncInput extends SyncRecordInput {
  timing: Timing;
}

export interface PreviewInput {
  v: 1;
  process: string;
  entityType: string;
  /** One record; absent: a sample. */
  id?: string;
  sample?: number;
}

/** What it would come to, with values of records masked: it passes through a history. */
export interface PreviewResult {
  previews: Preview[];
  /** Why nothing was looked at, or not all of it. */
  stopped?: Stop;
}

export interface PlanRunInput extends PlanRequest {
  v: 1;
  process: string;
}

/** What a run would do, with values of records masked; or why it was not found out. */
export interface PlanRunResult {
  plan?: ProcessPlan;
  stopped?: Stop;
}

export interface ReconcileInput extends ReconcileRequest {
  v: 1;
  process: string;
}

/** How both systems stand, with values of records masked; or why it was not found out. */
export interface ReconcileResult {
  reconciliation?: Reconciliation;
  stopped?: Stop;
}

/** The record whose way is looked at. */
export type TraceInput = SyncRecordInput;

/** Its way, without a value of a record; or why it was not found out. */
export interface TraceResult {
  trace?: Trace;
  stopped?: Stop;
}

export interface Activities {
  planCycle(input: PlanCycleInput): Promise<PlanCycleResult>;
}

/** Those that may write: of one process, one at a time. */
export interface WritingActivities {
  syncChanges(input: SyncChangesInput): Promise<SyncChangesResult>;
  retryErrored(input: RetryErroredInput): Promise<RetryErroredResult>;
  syncRecord(input: SyncRecordInput): Promise<SyncRecordResult>;
}

/** Those that look and write nothing: for whoever asks, beside what a process does. */
export interface LookingActivities {
  previewRecords(input: PreviewInput): Promise<PreviewResult>;
  planRun(input: PlanRunInput): Promise<PlanRunResult>;
  traceRecord(input: TraceInput): Promise<TraceResult>;
  reconcileRecords(input: ReconcileInput): Promise<ReconcileResult>;
}
