import { tooMany, withMore } from '../errors/failure-streak.js';
import { notFailing, type Failing } from '../model/failing.js';
import { keyOf, type RecordRef } from '../model/record-key.js';
import type { Stop } from '../model/stop.js';
import type { RecordErrored, RecordFailure } from './failures.js';
import { merelyWaits, type EntityTypeParts } from './parts.js';
import type { OpenRow, Rows } from './rows.js';
import { stopBefore, tooManyErrors, type TooMany } from './stops.js';

/** Of records in order: whether each failed. Held and ignored ones are not among them. */
export type Tried = (RecordErrored | undefined)[];

/**
 * Of these records, in this order, how each fared. Those that a definition sets aside, or stops
 * before, say nothing of the others.
 */
export function triedOf(ids: string[], failures: RecordFailure[]): Tried {
  const of = new Map(failures.map((failure) => [failure.id, failure]));
  return ids.flatMap((id): Tried => {
    const failure = of.get(id);
    if (!failure) return [undefined];
    return failure.kind === 'held' || waits(failure) || ['ignore', 'stop'].includes(failure.error.then) ? [] : [failure];
  });
}

/**
 * What may fail: by what an operator allowed, by `resume`, and by how the records fared that were
 * tried before.
 */
export interface Allowance {
  /** So many rows may be open, where that is more than the definition says. */
  openUpTo?: number;
  /** With the failures that are allowed still. */
  failing?: Failing;
}

/**
 * Where the failures of a sequence become more than its type may have: the places of the first and
 * of the last of them.
 */
export interface Exceeded extends TooMany {
  before: RecordErrored;
  from: number;
  at: number;
}

/** What rows are open, for the rule of how many may be. */
export type OpenRows = Pick<Rows, 'find' | 'countFailing' | 'failingByType'>;

/**
 * The one rule of how much may fail: so many in a row, a share of the latest, so many open rows.
 * `others` are failures that count as open besides.
 *
 * @returns how they fare up to the place where it becomes too many, and that place.
 */
export function spend(
  tried: Tried,
  parts: EntityTypeParts,
  allowance: Allowance,
  rows: OpenRows,
  others: RecordErrored[] = [],
): { failing: Failing; exceeded?: Exceeded } {
  const { failing = notFailing } = allowance;
  const failed = tried.map((each) => each?.error);
  const streak = tooMany(failing, failed, parts.errors.stopAfter);
  let from = streak.at ?? -1;
  const allowed = placeBehind(failing.allowed ?? 0, tried);
  while (from > allowed && tried[from - 1]) from -= 1;
  let before = tried[from];
  if (before && streak.at !== undefined) {
    const exceeded = { before, from, at: streak.at, counts: streak.failing.types ?? [] };
    return { failing: withMore(failing, failed.slice(0, from)), exceeded };
  }
  const more = newlyOpen(
    tried.flatMap((each) => each ?? []),
    rows,
  );
  const besides = newlyOpen(others, rows);
  before = more[Math.max(0, mostOpen(parts, allowance) - rows.countFailing() - besides.length)];
  if (!before) return { failing: streak.failing };
  from = tried.indexOf(before);
  const exceeded = { ...tooManyOpen(before, [...besides, ...more], parts, allowance, rows), before, from, at: from };
  return { failing: withMore(failing, failed.slice(0, from)), exceeded };
}

/** The place behind so many failures: those that an operator allowed are recorded. */
function placeBehind(failures: number, tried: Tried): number {
  let left = failures;
  const at = tried.findIndex((each) => each !== undefined && (left -= 1) < 0);
  return at === -1 ? tried.length : at;
}

/** `before` is the first failure that is more than may be open, were these opened too. */
export function tooManyOpen(
  before: RecordFailure,
  more: RecordErrored[],
  parts: EntityTypeParts,
  allowance: Allowance,
  rows: OpenRows,
): TooMany {
  const known = [...rows.failingByType()].map(([errorType, count]) => [errorType, count, parts.remedyOf?.(errorType)] as const);
  const added = more.map(({ error }) => [error.errorType, 1, error.remedy] as const);
  const are = rows.countFailing();
  return { before, counts: [...added, ...known], open: { would: are + more.length, most: mostOpen(parts, allowance), are } };
}

/** So many rows may be open. */
export function mostOpen({ errors }: EntityTypeParts, { openUpTo = 0 }: Allowance): number {
  return Math.max(errors.stopAfter.open, openUpTo);
}

/**
 * Those that would be one more open row: neither ignored nor held, which are counted apart, nor
 * failing already.
 */
export function newlyOpen(errored: RecordErrored[], rows: OpenRows): RecordErrored[] {
  return errored.filter((each) => each.error.then !== 'ignore' && !waits(each) && !isFailing(rows.find(each.entityType, each.id)));
}

function isFailing(row: OpenRow | undefined): boolean {
  return row?.state === 'failing' && !row.awaits;
}

function waits({ error }: RecordErrored): boolean {
  return merelyWaits(error.code);
}

/**
 * Judges records that are processed for others, as their parents and children are: one for each
 * page, and for each activity that tries records again. What it withholds is not recorded, and
 * whatever waits on it is tried again with it.
 */
export class Budget {
  /** Why something was withheld. */
  stop: Stop | undefined;
  /** The record whose error type says stop: nothing further is to be tried. */
  told: RecordErrored | undefined;
  private tooMany = false;
  private faring: Failing;
  private readonly withheld = new Set<string>();
  /** Those that failed, and may be recorded. */
  private readonly opened = new Map<string, RecordErrored>();

  constructor(
    private readonly rows: OpenRows,
    private readonly allowance: Allowance = {},
  ) {
    this.faring = allowance.failing ?? notFailing;
  }

  /**
   * How they fared so far, up to the first that is withheld; undefined where nothing is known of
   * any.
   */
  get failing(): Failing | undefined {
    return this.faring === notFailing ? undefined : this.faring;
  }

  /**
   * Whether no further ones are to be tried. More of them may where only so many may be open: what
   * does not fail arrives.
   */
  get halted(): boolean {
    return this.tooMany || this.told !== undefined;
  }

  /**
   * Takes a batch into account, all batches being one sequence. Those that fail behind the place
   * where it becomes too many are withheld.
   */
  judge(tried: Tried, parts: EntityTypeParts): void {
    if (tried.length === 0) return;
    const allowance = { ...this.allowance, failing: this.faring };
    const { failing, exceeded } = spend(tried, parts, allowance, this.rows, [...this.opened.values()]);
    this.faring = failing;
    if (exceeded) {
      this.tooMany ||= exceeded.open === undefined;
      this.stop ??= tooManyErrors(exceeded, { who: `of ${parts.definition.name} fail that follow those they depend on`, goOn: GO_ON });
    }
    tried.forEach((each, place) => {
      if (!each) return;
      if (exceeded && place >= exceeded.from) this.withheld.add(keyOf(each));
      else this.opened.set(keyOf(each), each);
    });
  }

  /**
   * Those failures that may be recorded: none of an error type that says stop, none withheld, and
   * none that waits on such a one.
   */
  recordable(failures: RecordFailure[]): RecordFailure[] {
    for (const failure of failures) if (failure.kind === 'errored' && failure.error.then === 'stop') this.tell(failure);
    return failures.filter((failure) => !this.isWithheld(failure) && !(failure.kind === 'held' && this.isWithheld(failure.on)));
  }

  isWithheld(record: RecordRef): boolean {
    return this.withheld.has(keyOf(record));
  }

  private tell(failure: RecordErrored): void {
    this.withheld.add(keyOf(failure));
    // That ends what is tried, whatever else withheld something before: it is what a person is to
    // see, and what ends the batch.
    if (!this.told) this.stop = stopBefore(failure, failure);
    this.told ??= failure;
  }
}

const GO_ON =
  'They wait on the rows of those they depend on; each pass of retries tries some, and goes on once these succeed. Or signal resume: ' +
  'what still fails is recorded then, up to 1,000 more, or until half as many again are open.';
