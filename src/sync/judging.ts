import { keyOf } from './attempt.js';
import type { RecordErrored, RecordFailure } from './failures.js';
import type { Stop } from './results.js';
import { stopBefore } from './stops.js';

/**
 * Judges records that are carried for others, as their parents and children are, by the rules that stop a type: one for each page, and for each execution that tries records
 * again. What it withholds is not recorded, and whatever waits on it is tried again with it.
 */
export class Judging {
  /** Why nothing further may be carried. */
  stop: Stop | undefined;
  /** The record whose error type said so. */
  told: RecordErrored | undefined;
  private readonly withheld = new Set<string>();

  /** Those failures that may be recorded: none of an error type that says stop, and none that waits on such a one. */
  recordable(failures: RecordFailure[]): RecordFailure[] {
    for (const failure of failures) if (failure.kind === 'errored' && this.stops(failure)) this.tell(failure);
    return failures.filter((failure) => !this.isWithheld(failure) && !(failure.kind === 'held' && this.isWithheld(failure.on)));
  }

  /** Whether its error type says stop. */
  stops({ error }: RecordErrored): boolean {
    return error.then === 'stop';
  }

  isWithheld({ entityType, id }: { entityType: string; id: string }): boolean {
    return this.withheld.has(keyOf(entityType, id));
  }

  private tell(failure: RecordErrored): void {
    this.withheld.add(keyOf(failure.entityType, failure.id));
    this.told ??= failure;
    this.stop ??= stopBefore(failure, failure);
  }
}
