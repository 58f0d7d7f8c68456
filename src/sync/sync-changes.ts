import type { Bookmark, Context, Instant, Page } from '../connectors/connector.js';
import { Cancelled, SystemFailure } from '../errors/system-failure.js';
import { stopOf } from '../errors/stop-of.js';
import { notFailing } from '../model/failing.js';
import type { Carrying } from './carry.js';
import { withFindings } from '../model/findings.js';
import { carryOneByOne } from './one-by-one.js';
import { type InHand } from './in-hand.js';
import { Judging } from './judging.js';
import { Memory } from './memory.js';
import { Unbalanced } from './outcome.js';
import { carryPage, type PageResult } from './page.js';
import type { EntityTypeParts } from './parts.js';
import { readAhead } from './read-ahead.js';
import { Recording, type Step } from './recording.js';
import type { Progress, SyncResult } from '../model/progress.js';
import type { Stop } from '../model/stop.js';
import type { Rows } from './rows.js';
import { addSheets, balances, sheetOf, type Sheet } from '../model/sheet.js';
import { isPassed, stoppingOf } from './stopping.js';
import { trialSucceeds } from './trial.js';

export interface SyncWork {
  /** Where to start: `after` of the entity type, or what a lost attempt's `progress` says. */
  after: Bookmark | null;
  until: Instant;
  /** Records a page. */
  limit: number;
  /** Asked between pages: whether to return with what is done. */
  shouldYield(): boolean;
  onProgress(progress: Progress): void;
  progress?: Progress;
  rows: Rows;
  /** Where the other types of the process got to: see `Carrying`. */
  passed?: Record<string, Instant | null>;
  /** So many open rows of the process an operator accepted, where that is more than may be. */
  openUpTo?: number;
  /** Tells what is in hand, and finds the record that kills its worker. */
  inHand?: InHand;
  /** The type stopped with too many errors, as this says; it goes on only if the record it names succeeds now. */
  trial?: Stop;
}

/**
 * Carries the changes of one entity type, page after page, until the horizon, a stop, `shouldYield` or cancellation. Bookmark, sheet and
 * findings move together, and only past a page that is whole and whose failures are recorded; they are recorded while the next page is carried. A system's
 * failure is data; it throws only for a defect that leaves no result.
 */
export async function syncChanges(parts: EntityTypeParts, work: SyncWork, c: Context): Promise<SyncResult> {
  const memory = new Memory();
  const recording = new Recording(work, c);
  const carryingFrom = (place: Bookmark | null): Carrying => ({ memory, rows: work.rows, ...passedFrom(place, parts, work) });
  try {
    if (work.trial?.record !== undefined) {
      if (!(await trialSucceeds(work.trial.record, parts, carryingFrom(recording.done.bookmark), c)))
        return { ...recording.done, done: false, stopped: work.trial };
      recording.done = { ...recording.done, failing: notFailing };
    }
    let at = recording.done;
    for await (const page of readAhead(parts.source.changes(at.bookmark, work.until, work.limit, c))) {
      const step = await carryOne(page, at, parts, carryingFrom(at.bookmark), work, c);
      at = step.progress;
      await recording.begin(step);
      const early = step.stopped ? { stopped: step.stopped } : c.signal.aborted ? { cancelled: true as const } : undefined;
      if (isLast(page, work.until) && !early) break;
      if (!early && !work.shouldYield()) continue;
      await recording.end();
      return { ...recording.done, done: false, ...early };
    }
    await recording.end();
    return { ...recording.done, done: true };
  } catch (error) {
    await recording.end();
    return { ...recording.done, done: false, ...ending(error, parts) };
  }
}

/** This type itself got to where the page begins: its own records may have been passed by for want of a parent that is brought over now. */
function passedFrom(place: Bookmark | null, parts: EntityTypeParts, { passed }: SyncWork): Pick<Carrying, 'passed'> {
  return passed ? { passed: { ...passed, [parts.definition.name]: place?.inside?.stamp ?? place?.at ?? null } } : {};
}

function isLast(page: Page, until: Instant): boolean {
  return page.bookmark.at >= until && !page.bookmark.inside;
}

/** What tells one page from another. */
function placeOf({ bookmark: { at, inside } }: Page): string {
  return inside ? `${inside.stamp} page ${inside.page}` : at;
}

async function carryOne(
  page: Page,
  at: Progress,
  parts: EntityTypeParts,
  carrying: Carrying,
  { openUpTo, inHand }: Pick<SyncWork, 'openUpTo' | 'inHand'>,
  c: Context,
): Promise<Step> {
  const judging = new Judging(carrying.rows, openUpTo);
  const oneByOne = (await inHand?.begin(placeOf(page))) === true ? inHand : undefined;
  const within = { ...carrying, judging };
  const result = oneByOne ? await carryOneByOne(page, parts, within, oneByOne, c) : await carryPage(page, parts, within, c);
  const { fates, brought, failures, inStep } = result;
  if (!balances({ ...sheetOfFates(fates), read: page.records.length }))
    throw new Unbalanced(`A page of ${page.records.length} records does not balance`);
  const { stopping, failing } = stoppingOf(page, result, parts, {
    start: at.bookmark,
    failing: at.failing,
    rows: carrying.rows,
    openUpTo,
    judging,
  });
  // What lies behind a stop comes again: it counts then.
  const counted = stopping && !stopping.whole ? fates.filter(({ stamp }) => isPassed(stamp, stopping.bookmark)) : fates;
  const findings = withFindings(at.findings, counted);
  const sheet = addSheets(at.sheet, { ...sheetOfFates(counted), brought });
  const progress: Progress = { bookmark: stopping ? stopping.bookmark : page.bookmark, sheet, findings, failing };
  if (!stopping) return { progress, failures, inStep };
  return { progress, failures: stopping.recorded, inStep, stopped: stopping.stop };
}

function sheetOfFates(fates: PageResult['fates']): Sheet {
  return sheetOf(fates.map(({ fate, adopted }) => ({ result: fate, ...(adopted ? { adopted } : {}) })));
}

function ending(error: unknown, parts: EntityTypeParts): Pick<SyncResult, 'stopped' | 'cancelled'> {
  if (error instanceof Cancelled) return { cancelled: true };
  if (error instanceof SystemFailure) return { stopped: stopOf(error, undefined) };
  if (error instanceof Unbalanced)
    return {
      stopped: {
        code: 'Unbalanced',
        message: `${parts.definition.name}: ${error.message}.`,
        remedy: 'This is a defect of Sangam: nothing was passed over; report it with the worker’s log.',
        needs: 'person',
      },
    };
  throw error;
}
