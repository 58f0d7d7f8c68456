import type { Context } from '../connectors/connector.js';
import type { RecordFailure } from './failures.js';
import type { Progress } from '../model/progress.js';
import type { Stop } from '../model/stop.js';
import type { InStep, Rows } from './rows.js';

/**
 * A page that was processed: where that leads, and what rows must be told before anyone may rely on
 * it.
 */
export interface Step {
  progress: Progress;
  failures: RecordFailure[];
  inStep: InStep[];
  stopped?: Stop;
}

/**
 * Records one page's failures while the next page is processed, and lets progress be seen only
 * behind them.
 */
export class Recording {
  private pending: { progress: Progress; told: Promise<void> } | undefined;

  constructor(
    /** What is done for good. */
    public done: Progress,
    private readonly rows: Rows,
    private readonly onProgress: (progress: Progress) => void,
    private readonly c: Context,
  ) {}

  /**
   * Waits for the page before, then begins with this one. @throws Error where rows could not be
   * told.
   */
  async begin({ progress, failures, inStep }: Step): Promise<void> {
    await this.end();
    const told = this.tell(failures, inStep);
    // It may fail before anyone awaits it.
    told.catch(() => undefined);
    this.pending = { progress, told };
  }

  /**
   * Waits until all that was begun is recorded. @throws Error where rows could not be told; what is
   * done stays as it was.
   */
  async end(): Promise<void> {
    const { pending } = this;
    this.pending = undefined;
    if (!pending) return;
    await pending.told;
    this.done = pending.progress;
    this.onProgress(this.done);
  }

  private async tell(failures: RecordFailure[], inStep: InStep[]): Promise<void> {
    await this.rows.record(failures, this.c);
    await this.rows.inStep(inStep, this.c);
  }
}
