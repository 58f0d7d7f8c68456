import { type CancellationScope, log, patched, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { parsePause, pauseSignal, resumeSignal, runNowSignal, whyResumeRefused } from './messages.js';
import { now } from './now.js';
import { integrationProcessKey, syncStateKey } from './search-attributes.js';
import type { Pause, SyncState } from './state.js';
import { takeMessages, type Message } from './take-messages.js';

/** What any steered process carries of what it was told. */
export interface Steered {
  state: SyncState;
  /** When `state` began. */
  since: string;
  pause?: Pause;
  /** Look at everything at once. */
  runNow?: true;
  /** A message that was ignored, and why. */
  ignored?: string;
}

/** One run of a process that an operator steers: pause, resume and runNow, its state shown in search attributes. */
export abstract class Steering<S extends Steered> {
  /** The scope of planning and children, cancelled by `pause`; absent while nothing runs. */
  scope: CancellationScope | undefined;

  constructor(
    readonly process: string,
    readonly state: S,
  ) {}

  /** Takes messages: these and its own. The last thing in a constructor, since those that wait for this run are taken at once. */
  protected listen(more: Message[] = []): void {
    const own: Message[] = [
      {
        name: pauseSignal.name,
        take: (payload) => this.paused(payload),
        description: '{"reason"?, "by"?, "until"?, "only"?}: finish what is in flight, then rest',
      },
      { name: resumeSignal.name, take: (payload) => this.resume(payload), description: '{"only"?}: go on after a pause' },
      { name: runNowSignal.name, take: () => this.runNow(), description: 'Look at once' },
    ];
    takeMessages([...own, ...more], (why) => this.ignore(why));
    this.publish();
  }

  /** Whether waiting must end: something to do, or a pause to enter. */
  get wanted(): boolean {
    return this.pause !== undefined || this.state.runNow === true;
  }

  /** The pause that is in force. */
  get pause(): Pause | undefined {
    return this.state.pause;
  }

  /** The pause in force is over. */
  endPause(): void | Promise<void> {
    delete this.state.pause;
  }

  enter(state: SyncState): void {
    if (this.state.state !== state) {
      this.state.state = state;
      this.state.since = now();
    }
    this.publish();
  }

  /** Shows the state in current details. */
  protected abstract show(): void;

  /** Shows the state: current details always, search attributes where they changed, since each costs an event. */
  publish(): void {
    this.show();
    const shown = workflowInfo().typedSearchAttributes;
    if (shown.get(syncStateKey) === this.state.state && shown.get(integrationProcessKey) === this.process) return;
    upsertSearchAttributes([
      { key: integrationProcessKey, value: this.process },
      { key: syncStateKey, value: this.state.state },
    ]);
  }

  protected paused(payload: unknown): void | Promise<void> {
    const pause = parsePause(payload, now());
    if ('refused' in pause) return this.ignore(pause.refused);
    this.state.pause = { ...pause, since: this.state.pause?.since ?? pause.since };
    this.rest();
  }

  private resume(payload: unknown): void | Promise<void> {
    const why = whyResumeRefused(payload);
    return why !== undefined && patched('resume-payload') ? this.ignore(why) : this.resumed(payload);
  }

  protected resumed(_payload: unknown): void | Promise<void> {
    delete this.state.pause;
    delete this.state.ignored;
    this.publish();
  }

  /** Lets what is in flight finish, and nothing begin. */
  protected rest(): void {
    if (this.scope) this.scope.cancel();
    else this.enter('paused');
    this.publish();
  }

  protected ignore(why: string): void {
    log.warn('A message was ignored', { process: this.process, why });
    this.state.ignored = `${why} (${now()})`;
    this.publish();
  }

  protected runNow(): void {
    this.state.runNow = true;
    this.publish();
  }
}
