import {
  type CancellationScope,
  defineQuery,
  defineUpdate,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { SavedBookmark } from '../src/model/bookmark.js';
import { getOwn, setOwn } from '../src/model/keyed.js';
import { acceptFailures } from './allowance.js';
import { detailsOf } from './details.js';
import { keepSmall } from './keep-small.js';
import { checkRecordRequest, checkRewind } from './messages.js';
import { now } from './now.js';
import { RecordRequests } from './record-requests.js';
import { integrationProcessKey, syncStateKey } from './search-attributes.js';
import { showDetails } from './show-details.js';
import { startBookmarks } from './start-bookmarks.js';
import { bookmarksOf, stateOf, type ProcessInput, type ProcessState, type SyncState } from './state.js';
import { statusOf, type ProcessStatus } from './status.js';
import type { SyncRecordResult } from '../src/model/turns.js';
import { takeSignals, type Signal } from './take-signals.js';
import { tell } from './tell.js';
import { parsePause, parseResume, parseRunNow } from '../src/model/process-messages.js';

/** What runs now: a child, and of which entity type where it is of one. */
export interface Running {
  child: string;
  entityType?: string;
}

/** One run of a process: its state, what it does now, and the messages that reach it. */
export class ProcessRun {
  readonly process: string;
  readonly state: ProcessState;
  /** Entity types whose bookmark an operator moved while this run went on. */
  readonly rewound = new Set<string>();
  readonly requests = new RecordRequests();
  running: Running | undefined;
  /** It waits until what a lost worker sent last must be over. */
  waitsForQuiet = false;
  /** How many turns it granted. */
  turns = 0;
  /**
   * What runs now began before an operator accepted its failures by `resume`: what it says of them
   * is behind.
   */
  accepted = false;
  /**
   * The scope of planning and turns, which a pause or a request ends early; absent while nothing
   * runs.
   */
  scope: CancellationScope | undefined;
  /** The scope of a turn of retries. */
  retrying: CancellationScope | undefined;
  /** The scope of bringing one record over, which a pause ends. */
  bringing: CancellationScope | undefined;
  /** No plan could be made: what was asked for waits for the next one. */
  unplanned = false;
  /** The bookmarks it was started with. */
  private readonly given: Record<string, SavedBookmark>;

  constructor(input: ProcessInput) {
    this.process = input.process;
    this.state = stateOf(input, now());
    this.given = startBookmarks(input.bookmarks);
    setHandler(defineQuery<ProcessStatus>('status'), () => this.status, { description: 'What it does, since when and why; what is open' });
    setHandler(defineUpdate<string, [unknown]>('rewind'), (request) => this.rewind(request), {
      validator: (request) => void this.checkedRewind(request),
      description: '{"entityType", "to"}: go back to an instant and send again what changed since',
    });
    setHandler(
      defineUpdate<SyncRecordResult, [unknown]>('syncRecord'),
      (request) => {
        const answer = this.requests.add(checkRecordRequest(request, this.state));
        this.scope?.cancel();
        return answer;
      },
      {
        validator: (request) => void checkRecordRequest(request, this.state),
        description: '{"entityType", "id", "anyway"?}: bring one record over now, parents first',
      },
    );
    this.takeSignals();
    this.publish();
  }

  get status(): ProcessStatus {
    return statusOf(this.process, this.state, this.running?.child, this.waitsForQuiet);
  }

  /** Whether waiting must end: something to do, or a pause to enter. */
  get wanted(): boolean {
    const { pause, runNow, goOn, errors } = this.state;
    const rests = errors.rests !== undefined && errors.rests > now();
    const retries = !errors.pause && !this.unplanned && (errors.runNow === true || (errors.wake === true && !rests));
    return (
      pause !== undefined || runNow === true || goOn === true || retries || this.rewound.size > 0 || this.requests.has(pause !== undefined)
    );
  }

  /**
   * What the memo holds, in the form a start input takes: until a plan was made, what the operator
   * gave.
   */
  get bookmarks(): Record<string, SavedBookmark> {
    return this.state.digest === undefined ? this.given : bookmarksOf(this.state);
  }

  /**
   * Puts bookmarks into the memo that it has none of yet: a process that is terminated before its
   * first child ended loses none.
   */
  keepBookmarks(): void {
    const kept = Object.keys(workflowInfo().memo?.['bookmarks'] ?? {});
    if (Object.keys(this.bookmarks).some((name) => !kept.includes(name))) upsertMemo({ bookmarks: this.bookmarks });
  }

  enter(state: SyncState): void {
    if (this.state.state !== state) {
      this.state.state = state;
      this.state.since = now();
    }
    this.publish();
  }

  /**
   * Shows the state: current details always, search attributes where they changed, since each costs
   * an event.
   */
  publish(): void {
    keepSmall(this.state);
    showDetails(detailsOf(this.status));
    const shown = workflowInfo().typedSearchAttributes;
    if (shown.get(syncStateKey) === this.state.state && shown.get(integrationProcessKey) === this.process) return;
    upsertSearchAttributes([
      { key: integrationProcessKey, value: this.process },
      { key: syncStateKey, value: this.state.state },
    ]);
  }

  private takeSignals(): void {
    const signals: Signal[] = [
      {
        name: 'pause',
        take: (payload) => this.pause(payload),
        description: '{"reason"?, "by"?, "until"?, "errorsOnly"?}: finish what is in flight, then rest',
      },
      { name: 'resume', take: (payload) => this.resume(payload), description: '{"errorsOnly"?}: go on' },
      { name: 'runNow', take: (payload) => this.runNow(payload), description: '{"errors"?, "plan"?}: look at once' },
      { name: 'rowChanged', take: () => this.rowChanged(), description: 'From an errored record that a person decided about' },
    ];
    takeSignals(signals, (why) => this.ignore(why));
  }

  private pause(payload: unknown): void {
    const parsed = parsePause(payload, now());
    if ('refused' in parsed) return this.ignore(parsed.refused);
    const of = parsed.errorsOnly ? this.state.errors : this.state;
    of.pause = { ...parsed.pause, since: of.pause?.since ?? parsed.pause.since };
    tell('info', parsed.errorsOnly ? 'Retries are to pause' : 'To pause', { process: this.process });
    if (!parsed.errorsOnly) this.rest();
    else if (this.scope) this.retrying?.cancel();
    // A look, so that what waits now ends with the pause.
    else if (parsed.pause.until !== undefined) this.state.goOn = true;
    this.publish();
  }

  private rest(): void {
    this.scope?.cancel();
    this.bringing?.cancel();
    if (!this.scope && !this.running) this.enter('paused');
  }

  /** Goes on, with whatever failed too often accepted. */
  private resume(payload: unknown): void {
    const parsed = parseResume(payload);
    if ('refused' in parsed) return this.ignore(parsed.refused);
    const { state } = this;
    tell('info', 'Resumed', { process: this.process });
    const { errors } = state;
    delete errors.pause;
    delete errors.rests;
    if (errors.pass) errors.wake = true;
    delete state.ignored;
    if (!parsed.errorsOnly) {
      delete state.pause;
      for (const type of Object.values(state.types)) {
        delete type.rests;
        delete type.takenBack;
      }
    }
    if (acceptFailures(state)) {
      this.accepted = true;
      state.runNow = true;
      errors.runNow = true;
    }
    this.publish();
  }

  private runNow(payload: unknown): void {
    const parsed = parseRunNow(payload);
    if ('refused' in parsed) return this.ignore(parsed.refused);
    // A plan is of changes alone.
    if (parsed.plan === undefined) this.state.errors.runNow = true;
    this.unplanned = false;
    if (!parsed.errors) this.state.runNow = true;
    if (parsed.plan !== undefined) this.state.wantedPlan = parsed.plan;
    else if (!parsed.errors) delete this.state.wantedPlan;
    this.publish();
  }

  private rowChanged(): void {
    delete this.state.rows?.listedAt;
    this.state.errors.wake = true;
    this.publish();
  }

  /** Tells of a message that is not followed. */
  ignore(why: string): void {
    tell('warn', 'A message was ignored', { process: this.process, why });
    this.state.ignored = `${why} (${now()})`;
    this.publish();
  }

  private checkedRewind(request: unknown): ReturnType<typeof checkRewind> {
    return checkRewind(request, this.state, this.running?.entityType, now());
  }

  private rewind(request: unknown): string {
    const { entityType, to } = this.checkedRewind(request);
    const type = getOwn(this.state.types, entityType) ?? setOwn(this.state.types, entityType, {});
    const systems = type.bookmark?.systems;
    type.bookmark = { v: 1, at: to, ...(systems !== undefined ? { systems } : {}) };
    delete type.lastDone;
    delete type.rests;
    this.rewound.add(entityType);
    // A child of this run may have got further: the memo says that its word does not count any
    // more.
    upsertMemo({ bookmarks: this.bookmarks, rewound: [...this.rewound] });
    this.publish();
    return `${entityType} goes back to ${to} and sends again what changed since.`;
  }
}
