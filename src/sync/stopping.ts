import type { Bookmark, Instant, Page } from '../connectors/connector.js';
import { withMore, tooMany, type FailedWith } from '../errors/failure-streak.js';
import { notFailing, type Failing } from '../model/failing.js';
import { idOf } from './failures-of.js';
import type { RecordFailure } from './failures.js';
import type { Judging } from './judging.js';
import { countedOpen, newlyOpen } from './open-rows.js';
import type { PageResult } from './page.js';
import type { EntityTypeParts } from './parts.js';
import type { Stop } from '../model/stop.js';
import type { Rows } from './rows.js';
import { countedOf, manyErrors, stopBefore } from './stops.js';

/** Why a page stops its entity type, and where; `recorded` are the failures that lie before that place. */
export interface Stopping {
  stop: Stop;
  bookmark: Bookmark | null;
  recorded: RecordFailure[];
  /** It stops behind the page: what is left waits on rows. */
  whole?: true;
}

interface Judged {
  /** Where the page began. */
  start: Bookmark | null;
  failing: Failing | undefined;
  rows: Rows;
  /** So many open rows an operator accepted. */
  openUpTo: number | undefined;
  /** What it made of the records that were carried for those of the page. */
  judging: Judging;
}

/**
 * Whether what failed in a page stops the type: an error type that says so, too many failures, or too many open rows. `failing` is how its records fared up to the place it
 * gets to: what lies behind a stop comes again, and is judged then.
 */
export function stoppingOf(
  page: Page,
  { tried, failures }: PageResult,
  parts: EntityTypeParts,
  { start, failing = notFailing, rows, openUpTo, judging }: Judged,
): { stopping?: Stopping; failing: Failing } {
  const errored = failures.filter((failure) => failure.kind === 'errored');
  const faring = (some: PageResult['tried']): FailedWith[] => some.map(({ failure }) => failure?.error);
  const judged = tooMany(failing, faring(tried), parts.errors.stopAfter);
  const own = ownOf(page, parts);
  const at = (failure: RecordFailure, stop: Stop): { stopping: Stopping; failing: Failing } => {
    const bookmark = own(failure) ? before(failure, page, start) : start;
    const recorded = failures.filter((each) => !own(each) || isPassed(each.stamp, bookmark));
    const passed = tried.filter(({ stamp }) => isPassed(stamp, bookmark));
    return { stopping: { stop, bookmark, recorded }, failing: withMore(failing, faring(passed)) };
  };
  // Had it stopped there, it would not have come to fail too often behind it.
  const told = tried.slice(0, (judged.at ?? tried.length) + 1).find(({ failure }) => failure?.error.then === 'stop')?.failure;
  const fatal = told || judged.at === undefined ? undefined : firstOfStreak(tried, judged.at);
  const first = told ?? fatal;
  // One that depends on a record which was brought over for it, and is of an error type that says stop.
  const waits = failures.find((each) => own(each) && each.kind === 'held' && judging.isWithheld(each.on));
  if (waits && judging.told && !(first && first.stamp <= waits.stamp)) return at(waits, stopBefore(judging.told, waits));
  if (told) return at(told, stopBefore(told, told));
  if (fatal) {
    const why = `so many records of ${parts.definition.name} fail`;
    // A record of another type cannot be tried by this one.
    return at(fatal, manyErrors(countedOf(judged.failing), fatal, { why, goOn: GO_ON, ...(own(fatal) ? { trial: fatal.id } : {}) }));
  }
  const more = newlyOpen(errored, rows);
  const open = more.length > 0 ? rows.countFailing() : 0;
  const next = failures.find(own) ?? more[0];
  const most = Math.max(parts.errors.stopAfter.open, openUpTo ?? 0);
  if (next && open + more.length > most && more.length > 0) {
    const why = `more than ${most} errored records would be open, after ${open}`;
    return at(next, manyErrors(countedOpen(rows, more, parts), next, { why, goOn: GO_ON_BELOW, open: open + more.length }));
  }
  const { stop } = judging;
  return { ...(stop ? { stopping: { stop, bookmark: page.bookmark, recorded: failures, whole: true } } : {}), failing: judged.failing };
}

/** Whether a record of a page lies before the place at which its type stopped. */
export function isPassed(stamp: Instant, bookmark: Bookmark | null): boolean {
  return bookmark !== null && stamp <= bookmark.at;
}

/** The first failure of those in a row that end at a place; where others lie between, the first of the page. */
function firstOfStreak(tried: PageResult['tried'], end: number): RecordFailure | undefined {
  let first = end;
  while (first > 0 && tried[first - 1]?.failure) first -= 1;
  return tried[first]?.failure;
}

/** The furthest place that is surely before a failed record; inside a group of one timestamp that is where the page began. */
function before(failure: RecordFailure, page: Page, start: Bookmark | null): Bookmark | null {
  if (page.bookmark.inside || start?.inside) return start;
  const at = new Date(Date.parse(failure.stamp) - 1).toISOString();
  return start && start.at >= at ? start : { v: 1, at };
}

/** Whether a failure is of a record of the page itself. Of others all are recorded, since nothing comes back to them. */
function ownOf(page: Page, { definition }: EntityTypeParts): (failure: RecordFailure) => boolean {
  const ids = new Set(page.records.map((record) => ('error' in record ? idOf(record) : record.id)));
  return ({ entityType, id }) => entityType === definition.name && ids.has(id);
}

const GO_ON =
  'Then signal resume: what still fails is recorded then, up to 1,000 more. It also goes on by itself once this record succeeds, or the definition changes.';
/** No record tries whether fewer are open: each cycle counts them. */
const GO_ON_BELOW =
  'It goes on by itself once fewer are open, or stopAfter.open is raised. Or signal resume: then it goes on until half as many again are open.';
