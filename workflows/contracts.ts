import type { Bookmark, Instant } from '../src/connectors/connector.js';
import type { Findings, Sheet, Stop, SyncResult } from '../src/sync/results.js';
import type { SavedBookmark, Timing } from './state.js';

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
}

export type PlanCycleResult = { kind: 'plan'; plan: Plan } | { kind: 'refused'; code: string; message: string };

export interface Plan {
  digest: string;
  timing: Timing;
  /** Why the definition in the folder is not the one in force. */
  definitionProblem?: string;
  /** In the order they are synced. */
  types: PlannedType[];
}

export interface PlannedType {
  entityType: string;
  dependsOn: string[];
  /** Where it stands: checked, `since` applied, with the fingerprint of its systems. */
  bookmark: SavedBookmark | null;
  systems: string;
  /** Milliseconds. */
  overlap: number;
  /** When it is due if it is not run now; in the past where it is due. */
  due: boolean;
  nextDue: Instant;
  /** Present where it is due and its source answered. */
  horizon?: Instant;
  hasChanges: boolean;
  /** Why it cannot run in this cycle. */
  stopped?: Stop;
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
  timing: Timing;
  /** From continue-as-new: what was done before. */
  sheet?: Sheet;
  findings?: Findings;
}

export interface EntitySyncResult {
  v: 1;
  bookmark: SavedBookmark | null;
  sheet: Sheet;
  findings: Findings;
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
}

/** What `syncChanges` heartbeats, and resumes from. */
export interface SyncHeartbeat {
  v: 1;
  bookmark: Bookmark | null;
  sheet: Sheet;
  findings: Findings;
}

export interface Activities {
  planCycle(input: PlanCycleInput): Promise<PlanCycleResult>;
  syncChanges(input: SyncChangesInput): Promise<SyncResult>;
}
