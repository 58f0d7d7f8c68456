import { getExternalWorkflowHandle, patched, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { detailsOf } from './details.js';
import { errorsId } from './ids.js';
import { acceptedRewind, checkRewind, followSignal, pausesOnly, rewindUpdate, statusQuery } from './messages.js';
import { now } from './now.js';
import { upgradeState, type ProcessInput, type ProcessState } from './state.js';
import { statusOf } from './status.js';
import { Steering } from './steering.js';

/** What an operator accepts by `resume` after too many failures: so many more, each as an errored record, until the type gets to its horizon. */
const excused = { consecutive: -1_000, recent: '' };

/** One run of a regular process: its state, what it does now, and the messages that reach it. */
export class ProcessRun extends Steering<ProcessState> {
  /** Entity types whose bookmark an operator moved while this run went on. */
  readonly rewound = new Set<string>();
  /** The entity type that runs now, and its child's workflow id. */
  running: { entityType: string; child: string } | undefined;
  /** The pause that began in this run is not for its error process. */
  private alone = false;

  constructor(input: ProcessInput) {
    super(input.process, upgradeState(input, now()));
    setHandler(statusQuery, () => statusOf(this.process, this.state, this.running?.child), {
      description: 'What it does, since when and why',
    });
    setHandler(rewindUpdate, (request) => this.rewind(request), {
      validator: (request) => checkRewind(request, this.state, this.running?.entityType, now()),
      description: '{"entityType", "to"}: go back to an instant and send again what changed since',
    });
    this.listen();
  }

  override get wanted(): boolean {
    return super.wanted || this.rewound.size > 0;
  }

  protected show(): void {
    setCurrentDetails(detailsOf(statusOf(this.process, this.state, this.running?.child)));
  }

  protected override async paused(payload: unknown): Promise<void> {
    const before = this.state.pause;
    await super.paused(payload);
    if (this.state.pause === before) return;
    this.alone = pausesOnly(payload);
    if (!this.alone) await this.tellErrorProcess();
  }

  /** The error process may have begun to rest in the middle of this pause, and then knows no end of it. */
  override async endPause(): Promise<void> {
    await super.endPause();
    await this.tellErrorProcess();
  }

  protected override async resumed(payload: unknown): Promise<void> {
    const stopped = Object.values(this.state.types).filter(({ tooMany }) => tooMany);
    for (const type of stopped) {
      type.failing = excused;
      delete type.tooMany;
    }
    await super.resumed(payload);
    if (stopped.length > 0 && patched('resume-looks')) this.runNow();
    if (!pausesOnly(payload)) await this.tellErrorProcess();
  }

  /** The error process rests with this one. It may not be there yet: it asks when it starts. */
  async tellErrorProcess(): Promise<void> {
    if (!patched('errors')) return;
    await getExternalWorkflowHandle(errorsId(this.process))
      .signal(followSignal, (this.alone ? undefined : this.state.pause) ?? null)
      .catch(() => undefined);
  }

  private rewind(request: unknown): string {
    const { entityType, to } = acceptedRewind(request);
    const type = (this.state.types[entityType] ??= {});
    const systems = type.bookmark?.systems;
    type.bookmark = { v: 1, at: to, ...(systems !== undefined ? { systems } : {}) };
    delete type.lastDone;
    this.rewound.add(entityType);
    this.publish();
    return `${entityType} goes back to ${to} and sends again what changed since.`;
  }
}
