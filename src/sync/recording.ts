import type { Context } from '../connectors/connector.js';
import type { RecordFailure } from './failures.js';
import type { Progress } from '../model/progress.js';
import type { Stop } from '../model/stop.js';
import type { InStep } from './rows.js';
import { emptySheet } from '../model/sheet.js';
import type { SyncWork } from './sync-changes.js';

/** A page that was carried: where that leads, and what rows must be told before anyone may rely on it. */
export interface Step {
  progress: Progress;
  failures: RecordFailure[];
  inStep: InStep[];
  stopped?: Stop;
}

/** Records one page's failures while the next page is carried, and lets progress be seen only behind them. */
export class Recording {
  /** What is done for good. */
  done: Progress;
  private pending: { progress: Progress; told: Promise<void> } | undefined;

  constructor(
    private readonly work: SyncWork,
    private readonly c: Context,
  ) {
    this.done = work.progress ?? { bookmark: work.after, sheet: emptySheet, findings: {} };
  }

  /** Waits for the page before, then begins with this one. @throws Error where rows could not be told. */
  async begin({ progress, failures, inStep }: Step): Promise<void> {
    await this.end();
    const told = this.tell(failures, inStep);
    // It may fail before anyone awaits it.
    told.catch(() => undefined);
    this.pending = { progress, told };
  }

  /** Waits until all that was begun is recorded. @throws Error where rows could not be told; what is done stays as it was. */
  async end(): Promise<void> {
    const { pending } = this;
    this.pending = undefined;
    if (!pending) return;
    await pending.told;
    this.done = pending.progress;
    this.work.onProgress(this.done);
  }

  private async tell(failures: RecordFailure[], inStep: InStep[]): Promise<void> {
    const { rows } = this.work;
    await rows.record(failures, this.c);
    await rows.inStep(inStep, this.c);
  }
}
