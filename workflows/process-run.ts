import { type CancellationScope, log, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { detailsOf } from './details.js';
import { checkRewind, parsePause, pauseSignal, resumeSignal, rewindUpdate, runNowSignal, statusQuery } from './messages.js';
import { integrationProcessKey, syncStateKey } from './search-attributes.js';
import { upgradeState, type ProcessInput, type ProcessState, type SyncState } from './state.js';
import { statusOf } from './status.js';

export function now(): string {
  return new Date().toISOString();
}

/** One run of a process: its state, what it does now, and the messages that reach it. */
export class ProcessRun {
  readonly process: string;
  readonly state: ProcessState;
  /** Entity types whose bookmark an operator moved while this run went on. */
  readonly rewound = new Set<string>();
  /** The scope of planning and children, cancelled by `pause`; absent while nothing runs. */
  scope: CancellationScope | undefined;
  /** The entity type that runs now, and its child's workflow id. */
  running: { entityType: string; child: string } | undefined;

  constructor(input: ProcessInput) {
    this.process = input.process;
    this.state = upgradeState(input, now());
    setHandler(statusQuery, () => statusOf(this.process, this.state, this.running?.child), {
      description: 'What it does, since when and why',
    });
    setHandler(pauseSignal, (payload) => this.pause(payload), {
      description: '{"reason"?, "by"?, "until"?}: finish what is in flight, then rest',
    });
    setHandler(resumeSignal, () => this.resume(), { description: 'Go on after a pause' });
    setHandler(runNowSignal, () => this.runNow(), { description: 'Look for changes at once' });
    setHandler(rewindUpdate, (request) => this.rewind(request), {
      validator: (request) => void checkRewind(request, this.state, this.running?.entityType, now()),
      description: '{"entityType", "to"}: go back to an instant and send again what changed since',
    });
    this.publish();
  }

  /** Whether waiting must end: something to do, or a pause to enter. */
  get wanted(): boolean {
    return this.state.pause !== undefined || this.state.runNow === true || this.rewound.size > 0;
  }

  enter(state: SyncState): void {
    if (this.state.state !== state) {
      this.state.state = state;
      this.state.since = now();
    }
    this.publish();
  }

  /** Shows the state: current details always, search attributes where they changed, since each costs an event. */
  publish(): void {
    setCurrentDetails(detailsOf(statusOf(this.process, this.state, this.running?.child)));
    const shown = workflowInfo().typedSearchAttributes;
    if (shown.get(syncStateKey) === this.state.state && shown.get(integrationProcessKey) === this.process) return;
    upsertSearchAttributes([
      { key: integrationProcessKey, value: this.process },
      { key: syncStateKey, value: this.state.state },
    ]);
  }

  private pause(payload: unknown): void {
    const pause = parsePause(payload, now());
    if ('refused' in pause) return this.ignore(pause.refused);
    this.state.pause = { ...pause, since: this.state.pause?.since ?? pause.since };
    if (this.scope) this.scope.cancel();
    else this.enter('paused');
    this.publish();
  }

  private resume(): void {
    delete this.state.pause;
    delete this.state.ignored;
    this.publish();
  }

  private runNow(): void {
    this.state.runNow = true;
    this.publish();
  }

  private rewind(request: unknown): string {
    const { entityType, to } = checkRewind(request, this.state, this.running?.entityType, now());
    const type = (this.state.types[entityType] ??= {});
    const systems = type.bookmark?.systems;
    type.bookmark = { v: 1, at: to, ...(systems !== undefined ? { systems } : {}) };
    delete type.lastDone;
    this.rewound.add(entityType);
    this.publish();
    return `${entityType} goes back to ${to} and sends again what changed since.`;
  }

  private ignore(why: string): void {
    log.warn('A message was ignored', { process: this.process, why });
    this.state.ignored = `${why} (${now()})`;
    this.publish();
  }
}
