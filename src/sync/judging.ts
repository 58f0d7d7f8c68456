import { withMore, tooMany } from '../errors/failure-streak.js';
import { notFailing, type Failing } from '../model/failing.js';
import { keyOf } from './attempt.js';
import type { RecordErrored, RecordFailure } from './failures.js';
import { countedOpen, newlyOpen } from './open-rows.js';
import type { EntityTypeParts } from './parts.js';
import type { Stop } from '../model/stop.js';
import type { Rows } from './rows.js';
import { countedOf, manyErrors, stopBefore, type Counted } from './stops.js';

/** Of a batch of children, in order: whether each failed. Held and ignored ones are not among them. */
export type Tried = (RecordErrored | undefined)[];

/** Of these records, in this order, how each fared. */
export function triedOf(ids: string[], failures: RecordFailure[]): Tried {
  const of = new Map(failures.map((failure) => [failure.id, failure]));
  return ids.flatMap((id): Tried => {
    const failure = of.get(id);
    if (!failure) return [undefined];
    return failure.kind === 'held' || ['ignore', 'stop'].includes(failure.error.then) ? [] : [failure];
  });
}

/**
 * Judges records that are carried for others, as their parents and children are, by the rules that stop a type: one for each page, and for each execution that tries records
 * again. What it withholds is not recorded, and whatever waits on it is tried again with it.
 */
export class Judging {
  /** Why something was withheld. */
  stop: Stop | undefined;
  /** The record whose error type says stop: nothing further is to be tried. */
  told: RecordErrored | undefined;
  private tooMany = false;
  private readonly withheld = new Set<string>();
  /** Children that failed, and may be recorded. */
  private readonly opened = new Map<string, RecordErrored>();

  /** `openUpTo`: so many open rows an operator accepted; `faring`: how those fared that the execution before tried. */
  constructor(
    private readonly rows: Pick<Rows, 'find' | 'countFailing' | 'failingByType'>,
    private readonly openUpTo = 0,
    private faring: Failing = notFailing,
  ) {}

  /** How children fared so far, up to the first that is withheld; undefined where nothing is known of any. */
  get failing(): Failing | undefined {
    return this.faring === notFailing ? undefined : this.faring;
  }

  /** Whether no further children are to be tried. More of them may where only so many may be open: what does not fail arrives. */
  get halted(): boolean {
    return this.tooMany || this.told !== undefined;
  }

  /**
   * Judges a batch of children that follow their parents, all of them one sequence. Those that fail from the place on at which they become too many, or more than may be open,
   * are withheld.
   */
  judge(tried: Tried, parts: EntityTypeParts): void {
    const failed = tried.map((each) => each?.error);
    const { stopAfter } = parts.errors;
    const { at, failing } = tooMany(this.faring, failed, stopAfter);
    let from = tried.length;
    if (at !== undefined) {
      this.tooMany = true;
      for (from = at; from > 0 && tried[from - 1];) from -= 1;
      this.halt(countedOf(failing), tried[from], `so many records of ${parts.definition.name} fail that follow those they depend on`);
    } else {
      const untold = newlyOpen([...this.opened.values()], this.rows);
      const open = this.rows.countFailing() + untold.length;
      const most = Math.max(stopAfter.open, this.openUpTo);
      const more = newlyOpen(
        tried.flatMap((each) => each ?? []),
        this.rows,
      );
      const next = more[Math.max(0, most - open)];
      if (next !== undefined) {
        from = tried.indexOf(next);
        this.halt(
          countedOpen(this.rows, [...untold, ...more], parts),
          next,
          `more than ${most} errored records would be open, after ${open}`,
          open + more.length,
        );
      }
    }
    if (tried.length > 0) this.faring = withMore(this.faring, failed.slice(0, from));
    tried.forEach((each, place) => {
      if (!each) return;
      if (place < from) this.opened.set(keyOf(each.entityType, each.id), each);
      else this.withheld.add(keyOf(each.entityType, each.id));
    });
  }

  /** Those failures that may be recorded: none of an error type that says stop, none withheld, and none that waits on such a one. */
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

  private halt(counted: Counted, before: RecordErrored | undefined, why: string, open?: number): void {
    if (before) this.stop ??= manyErrors(counted, before, { why, goOn: GO_ON, ...(open !== undefined ? { open } : {}) });
  }

  private tell(failure: RecordErrored): void {
    this.withheld.add(keyOf(failure.entityType, failure.id));
    // That ends what is tried, whatever else withheld something before: it is what a person is to see, and what ends the batch.
    if (!this.told) this.stop = stopBefore(failure, failure);
    this.told ??= failure;
  }
}

const GO_ON =
  'They wait on the rows of those they depend on; each pass of the error process tries some, and goes on once these succeed. Or signal resume to the error process ' +
  'that stopped so: what still fails is recorded then, up to 1,000 more, or until half as many again are open.';
