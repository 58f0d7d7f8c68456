import { setHandler } from '@temporalio/workflow';
import { errorsId, retryId } from '../ids.js';
import { errorsStatusQuery, followSignal, parseFollow, releasedSignal } from '../messages.js';
import { now } from '../now.js';
import type { Pause } from '../state.js';
import { Steering } from '../steering.js';
import { upgradeErrorsState, type ErrorProcessInput, type ErrorsState } from './state.js';
import { excuse } from './excuse.js';
import { errorsDetails, errorsStatus } from './status.js';
import { showDetails } from '../show-details.js';

/** One run of an error process: its state, what it does now, and the messages that reach it. */
export class ErrorsRun extends Steering<ErrorsState> {
  /** The child that runs now: its workflow id. */
  child: string | undefined;
  /** What runs now began before an operator accepted its failures by `resume`: what it says of them is behind. */
  accepted = false;
  /** Its regular process said in this run that it does not rest, or an operator had this one go on. */
  goesOn = false;

  constructor(input: ErrorProcessInput) {
    super(input.process, upgradeErrorsState(input.state, now()));
    setHandler(errorsStatusQuery, () => errorsStatus(errorsId(this.process), this.state, this.child), {
      description: 'What it does, since when and why; what is open',
    });
    this.listen([
      { name: followSignal.name, take: (pause) => this.follow(pause), description: 'From its regular process: rest, or go on' },
      { name: releasedSignal.name, take: () => this.released(), description: 'From the engine: children may be released' },
    ]);
  }

  override get pause(): Pause | undefined {
    return this.state.pause ?? this.state.followed;
  }

  override endPause(): void {
    if (this.state.pause) delete this.state.pause;
    else delete this.state.followed;
  }

  protected show(): void {
    showDetails(errorsDetails(errorsStatus(errorsId(this.process), this.state, this.child)));
  }

  /** Going on of itself, though its regular process rests, and whatever failed too often. */
  protected override resumed(payload: unknown): void {
    delete this.state.followed;
    this.goesOn = true;
    void super.resumed(payload);
    const accepted = excuse(this.state);
    if (accepted.some((name) => retryId(this.process, name) === this.child)) this.accepted = true;
    if (accepted.length > 0) this.runNow();
  }

  private follow(payload: unknown): void {
    const pause = parseFollow(payload, now());
    if (pause && 'refused' in pause) return this.ignore(pause.refused);
    this.goesOn = pause === null;
    if (pause) {
      this.state.followed = pause;
      return this.rest();
    }
    delete this.state.followed;
    this.publish();
  }

  /** While a system is down its back-off goes on: those children are due when it ends. */
  private released(): void {
    if (this.state.failures > 0) return;
    this.state.runNow = true;
    this.publish();
  }
}
