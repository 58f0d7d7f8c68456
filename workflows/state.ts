import type { SavedBookmark } from '../src/model/bookmark.js';
import type { Instant } from '../src/model/instant.js';
import type { Failing } from '../src/model/failing.js';
import type { ClockDoubts } from '../src/model/clock-doubts.js';
import type { Findings } from '../src/model/findings.js';
import type { Timing } from '../src/model/timing.js';
import type { KnownRows } from '../src/model/known-rows.js';
import type { Sheet } from '../src/model/sheet.js';
import type { Stop } from '../src/model/stop.js';
import { noErrors, type ErrorsState } from './errors/state.js';
import type { Pause } from '../src/model/process-messages.js';

/** What a process is doing, as the search attribute `SyncState` and `status` say it. */
export type SyncState = 'running' | 'idle' | 'paused' | 'waiting' | 'stopped' | 'cancelled';

/** What a process knows of one of its entity types. */
export interface TypeState {
  /** From which system to which, e.g. `field → emr`. */
  direction?: string;
  bookmark?: SavedBookmark;
  /** It lay ahead of what could be believed, and went back; until a `resume`. */
  takenBack?: { from: Instant; to: Instant; when: Instant };
  /** When it last got to a horizon; absent: it is due at once. */
  lastDone?: Instant;
  /** Of its last run that had changes. */
  lastSheet?: Sheet;
  /** Of all its runs since the process was started. */
  total?: Sheet;
  findings?: Findings;
  stopped?: Stop;
  /** The code of the stop that the log was told. */
  told?: string;
  /** Consecutive cycles in which a system's failure stopped it: what its back-off grows by. */
  failures?: number;
  /** What stopped it is what others found of a system, when it last was due: it was not tried. */
  passedOver?: true;
  /** Until when it is left alone, since it, what it depends on or a system that it needs fails. */
  rests?: Instant;
  /** How its latest records fared. */
  failing?: Failing;
  /**
   * It stopped with too many errors, under this definition: it goes on when the record the stop
   * names succeeds.
   */
  tooMany?: { stop: Stop; digest: string };
}

/** What a process carries from run to run: plain JSON, its continue-as-new input. */
export interface ProcessState {
  v: 1;
  /** When it was started: what its cadences count from. */
  began: Instant;
  cycle: number;
  state: SyncState;
  /** When `state` began. */
  since: Instant;
  pause?: Pause;
  /** Plan at once, with every entity type due, and every errored record that is tried by itself. */
  runNow?: true;
  /** The plan that `runNow` asks for, by its digest. */
  wantedPlan?: string;
  /** Plan at once: what was due when a message broke it off is due still. */
  goOn?: true;
  /** `runNow` was asked for while no plan could be made. */
  owed?: true;
  /** Consecutive cycles in which a system failed. */
  failures: number;
  /**
   * A quick plan took too long: others are made by an activity of their own until one of them is
   * quick.
   */
  plansSlowly?: true;
  digest?: string;
  /** When the definition of that digest was changed. */
  changedAt?: Instant;
  /**
   * A worker that polls for this process and has it not, or an older definition of it; and when it
   * last said so.
   */
  atOdds?: { worker: string; message: string; when: Instant };
  /** The cycle in which an activity last had another definition than the plan. */
  changedIn?: number;
  /** When `digest` came into force in place of another one. */
  digestSince?: Instant;
  /** Why the definition in the folder is not the one in force. */
  definitionProblem?: string;
  /** A message that was ignored, and why. */
  ignored?: string;
  /** It became too large to be handed on: findings were left out. */
  shortened?: true;
  nextRun?: Instant;
  /** Let bookmarks of other systems count, until the first plan has accepted them. */
  acceptSystems?: true;
  /** Why the process as a whole cannot run. */
  stopped?: Stop;
  types: Record<string, TypeState>;
  /** Systems whose clock is not believed, and why. */
  clocks?: ClockDoubts;
  /**
   * By `resume`: types that stopped since too many rows were open go on until so many are, and this
   * counts until fewer than half of them are.
   */
  openUpTo?: number;
  /** What is known of the errored records that are open. */
  rows?: KnownRows;
  /** Of the side that tries them again. */
  errors: ErrorsState;
  /** Nothing is written before: what a lost worker sent last must be over. */
  quietUntil?: Instant;
  /** Of the last plan. */
  timing?: Timing;
}

/**
 * Start input. `bookmarks` by entity type: an ISO instant, or what a memo held. `state` comes from
 * continue-as-new alone.
 */
export interface ProcessInput {
  process: string;
  bookmarks?: Record<string, Instant | SavedBookmark>;
  acceptSystems?: boolean;
  state?: unknown;
}

/**
 * A first state, or the one that continue-as-new carried. @throws Error for that of a newer
 * release.
 */
export function stateOf(input: ProcessInput, now: Instant): ProcessState {
  const carried = input.state as ProcessState | undefined;
  if (carried === undefined) {
    const fresh: ProcessState = { v: 1, began: now, cycle: 1, state: 'idle', since: now, failures: 0, types: {}, errors: noErrors };
    return input.acceptSystems === true ? { ...fresh, acceptSystems: true } : fresh;
  }
  if (carried.v !== 1) throw new Error(`State version ${String(carried.v)} is not known to this release: run a newer worker.`);
  return carried;
}

/** What the memo carries: every bookmark, in the form a start input takes. */
export function bookmarksOf(state: ProcessState): Record<string, SavedBookmark> {
  const entries = Object.entries(state.types).flatMap(([name, type]) => (type.bookmark ? [[name, type.bookmark] as const] : []));
  return Object.fromEntries(entries);
}
