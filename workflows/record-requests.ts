import type { SyncRecordResult } from '../src/model/turns.js';
import type { RecordRequest } from '../src/model/process-messages.js';

interface Waiting {
  request: RecordRequest;
  answer(result: SyncRecordResult): void;
}

/**
 * Records that somebody asked to be brought over now, in the order in which they were asked for.
 */
export class RecordRequests {
  private readonly waiting: Waiting[] = [];

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /**
   * Whether one may have its turn; while the process is `paused`, only one that was asked for
   * anyway.
   */
  has(paused: boolean): boolean {
    return this.place(paused) >= 0;
  }

  /** @returns what became of it, once it had its turn. */
  add(request: RecordRequest): Promise<SyncRecordResult> {
    return new Promise((resolve) => this.waiting.push({ request, answer: resolve }));
  }

  /** The next one that may have its turn. */
  next(paused: boolean): Waiting | undefined {
    const place = this.place(paused);
    return place < 0 ? undefined : this.waiting.splice(place, 1)[0];
  }

  private place(paused: boolean): number {
    return this.waiting.findIndex(({ request }) => !paused || request.anyway === true);
  }
}
