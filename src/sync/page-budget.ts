import type { Page } from '../connectors/connector.js';
import { withMore } from '../errors/failure-streak.js';
import type { Bookmark } from '../model/bookmark.js';
import { notFailing, type Failing } from '../model/failing.js';
import { before as earlier, type Instant } from '../model/instant.js';
import type { Stop } from '../model/stop.js';
import { mostOpen, newlyOpen, spend, tooManyOpen, type Allowance, type Budget, type OpenRows } from './budget.js';
import { idOf } from './failures-of.js';
import type { RecordErrored, RecordFailure } from './failures.js';
import type { PageResult } from './page.js';
import { merelyWaits, type EntityTypeParts } from './parts.js';
import { stopBefore, tooManyErrors, type TooMany } from './stops.js';

/**
 * Why a page stops its entity type, and where; `recorded` are the failures that lie before that
 * place.
 */
export interface Stopping {
  stop: Stop;
  bookmark: Bookmark | null;
  recorded: RecordFailure[];
  /** It stops behind the page: what is left waits on rows. */
  whole?: true;
}

interface Judged extends Allowance {
  /** Where the page began. */
  start: Bookmark | null;
  rows: OpenRows;
  /** What it made of the records that were processed for those of the page. */
  budget: Budget;
}

/**
 * Whether what failed in a page stops the type: an error type that says so, too many failures, or
 * too many open rows. `failing` is how its records fared up to the place it gets to: what lies
 * behind a stop comes again, and is judged then.
 */
export function judgePage(
  page: Page,
  { tried, failures }: PageResult,
  parts: EntityTypeParts,
  { start, rows, budget, ...allowance }: Judged,
): { stopping?: Stopping; failing: Failing } {
  const own = ownOf(page, parts);
  const others = failures.filter((each): each is RecordErrored => each.kind === 'errored' && !merelyWaits(each.error.code) && !own(each));
  const sequence = tried.map(({ failure }) => failure);
  const { failing, exceeded } = spend(sequence, parts, allowance, rows, others);
  // Had it stopped there, it would not have come to fail too often behind it.
  const told = sequence.slice(0, exceeded ? exceeded.at + 1 : sequence.length).find((failure) => failure?.error.then === 'stop');
  const found =
    toldByOther(failures.filter(own), told ?? exceeded?.before, budget) ??
    (told && { stop: stopBefore(told, told), before: told }) ??
    tooManyIn(exceeded ?? tooManyOthers(failures.find(own), newlyOpen(others, rows), parts, allowance, rows), parts);
  if (!found) {
    const { stop } = budget;
    return { ...(stop ? { stopping: { stop, bookmark: page.bookmark, recorded: failures, whole: true } } : {}), failing };
  }
  const bookmark = own(found.before) ? placeBefore(found.before, page, start) : start;
  const recorded = failures.filter((each) => !own(each) || isPassed(each.stamp, bookmark));
  const passed = tried.flatMap(({ stamp, failure }) => (isPassed(stamp, bookmark) ? [failure?.error] : []));
  return { stopping: { stop: found.stop, bookmark, recorded }, failing: withMore(allowance.failing ?? notFailing, passed) };
}

/** Why a page stops, and the record before which it does. */
interface Found {
  stop: Stop;
  before: RecordFailure;
}

/**
 * The first of the page that depends on a record which was brought over for it, and is of an error
 * type that says stop; unless `first` comes before it.
 */
function toldByOther(own: RecordFailure[], first: RecordFailure | undefined, budget: Budget): Found | undefined {
  const before = own.find((each) => each.kind === 'held' && budget.isWithheld(each.on));
  if (!before || !budget.told || (first && first.stamp <= before.stamp)) return undefined;
  return { stop: stopBefore(budget.told, before), before };
}

/**
 * Those that were brought over alone may be too many: then it stops before the first of the page
 * that fails, which may depend on one.
 */
function tooManyOthers(
  own: RecordFailure | undefined,
  others: RecordErrored[],
  parts: EntityTypeParts,
  allowance: Allowance,
  rows: OpenRows,
): TooMany | undefined {
  const before = own ?? others[0];
  if (!before || others.length === 0 || rows.countFailing() + others.length <= mostOpen(parts, allowance)) return undefined;
  return tooManyOpen(before, others, parts, allowance, rows);
}

function tooManyIn(found: TooMany | undefined, { definition }: EntityTypeParts): Found | undefined {
  if (!found) return undefined;
  const { before, open } = found;
  const words = { who: `of ${definition.name} fail`, ...(open ? { goOn: GO_ON_BELOW } : { goOn: GO_ON, trial: before.id }) };
  return { stop: tooManyErrors(found, words), before };
}

/** Whether a record of a page lies before the place at which its type stopped. */
export function isPassed(stamp: Instant, bookmark: Bookmark | null): boolean {
  return bookmark !== null && stamp <= bookmark.at;
}

/**
 * The furthest place that is surely before a failed record; where only the source knows its place,
 * that is where the page began.
 */
function placeBefore(failure: RecordFailure, page: Page, start: Bookmark | null): Bookmark | null {
  if (page.bookmark.place !== undefined || start?.place !== undefined) return start;
  const at = earlier(failure.stamp, 1);
  return start && start.at >= at ? start : { v: 1, at };
}

/**
 * Whether a failure is of a record of the page itself. Of others all are recorded, since nothing
 * comes back to them.
 */
function ownOf(page: Page, { definition }: EntityTypeParts): (failure: RecordFailure) => boolean {
  const ids = new Set(page.records.map((record) => ('error' in record ? idOf(record) : record.id)));
  return ({ entityType, id }) => entityType === definition.name && ids.has(id);
}

const GO_ON =
  'Then signal resume: what still fails is recorded then, up to 1,000 more. It also goes on by itself once this record succeeds, or the definition changes.';
/** No record tries whether fewer are open: each cycle counts them. */
const GO_ON_BELOW =
  'It goes on by itself once fewer are open, or stopAfter.open is raised. Or signal resume: then it goes on until half as many again are open.';
