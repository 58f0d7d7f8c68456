import type { Context, Page } from '../connectors/connector.js';
import { passedTo, type Bookmark } from '../model/bookmark.js';
import { notFailing } from '../model/failing.js';
import { withFindings } from '../model/findings.js';
import type { Instant } from '../model/instant.js';
import type { Progress, SyncResult } from '../model/progress.js';
import { addSheets, balances, emptySheet, sheetOf } from '../model/sheet.js';
import type { Stop } from '../model/stop.js';
import type { Surroundings } from './batch.js';
import type { GoneInCycle } from './gone-in-cycle.js';
import { Budget } from './budget.js';
import { endingOf } from './ending.js';
import type { InHand } from './in-hand.js';
import { Memory } from './memory.js';
import { processOneByOne } from './one-by-one.js';
import { Unbalanced } from './outcome.js';
import { isPassed, judgePage } from './page-budget.js';
import { inParts } from './page-parts.js';
import { processPage } from './page.js';
import type { EntityTypeParts } from './parts.js';
import { readAhead } from './read-ahead.js';
import { Recording, type Step } from './recording.js';
import type { Rows } from './rows.js';
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
  /** Where the other types of the process got to: see `Surroundings`. */
  passed?: Record<string, Instant | null>;
  /** What this worker saw go in this cycle. */
  gone?: GoneInCycle;
  /** So many open rows of the process an operator accepted, where that is more than may be. */
  openUpTo?: number;
  /** Tells what is in hand, and finds the record that kills its worker. */
  inHand?: InHand;
  /**
   * The type stopped with too many errors, as this says; it goes on only if the record it names
   * succeeds now.
   */
  trial?: Stop;
}

/**
 * Processes the changes of one entity type, page after page, until the horizon, a stop,
 * `shouldYield` or cancellation. Bookmark, sheet and findings move together, and only past a page
 * that is whole and whose failures are recorded; they are recorded while the next page is
 * processed. A system's failure is data; it throws only for a defect that leaves no result.
 */
export async function syncChanges(parts: EntityTypeParts, work: SyncWork, c: Context): Promise<SyncResult> {
  const memory = new Memory();
  const begun = work.progress ?? { bookmark: work.after, sheet: emptySheet, findings: {} };
  const recording = new Recording(begun, work.rows, work.onProgress, c);
  const aroundFrom = (place: Bookmark | null): Surroundings => ({
    ...{ memory, rows: work.rows, ...passedFrom(place, parts, work) },
    ...(work.gone ? { gone: work.gone } : {}),
  });
  try {
    if (work.trial?.record !== undefined) {
      if (!(await trialSucceeds(work.trial.record, parts, aroundFrom(recording.done.bookmark), c)))
        return { ...recording.done, done: false, stopped: work.trial };
      recording.done = { ...recording.done, failing: notFailing };
    }
    let at = recording.done;
    const pages = readAhead(parts.source.changes(at.bookmark, work.until, work.limit, c));
    for await (const page of inParts(pages, () => at.bookmark, work.inHand?.resumes)) {
      const step = await processOne(page, at, parts, aroundFrom(at.bookmark), work, c);
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
    return { ...recording.done, done: false, ...endingOf(error, parts) };
  }
}

/**
 * This type itself got to where the page begins: its own records may have been passed by for want
 * of a parent that is brought over now.
 */
function passedFrom(start: Bookmark | null, parts: EntityTypeParts, { passed }: SyncWork): Pick<Surroundings, 'passed'> {
  if (!passed) return {};
  const { name: itself } = parts.definition;
  const others = Object.entries(passed).filter(([name]) => name !== itself);
  return { passed: Object.fromEntries([...others, ...Object.entries(passedTo(itself, start))]) };
}

function isLast(page: Page, until: Instant): boolean {
  return page.bookmark.at >= until && page.bookmark.place === undefined;
}

/** What tells one page from another. */
function placeOf({ bookmark: { at, place } }: Page): string {
  return place === undefined ? at : `${at} ${JSON.stringify(place)}`;
}

async function processOne(
  page: Page,
  at: Progress,
  parts: EntityTypeParts,
  around: Surroundings,
  { openUpTo, inHand }: Pick<SyncWork, 'openUpTo' | 'inHand'>,
  c: Context,
): Promise<Step> {
  const budget = new Budget(around.rows, openUpTo !== undefined ? { openUpTo } : {});
  const within = { ...around, budget };
  const oneByOne = (await inHand?.begin(placeOf(page))) === true ? inHand : undefined;
  const result = oneByOne ? await processOneByOne(page, parts, within, oneByOne, c) : await processPage(page, parts, within, c);
  const { results, brought, failures, inStep } = result;
  if (!balances({ ...sheetOf(results), read: page.records.length }))
    throw new Unbalanced(`A page of ${page.records.length} records does not balance`);
  const { stopping, failing } = judgePage(page, result, parts, {
    start: at.bookmark,
    rows: around.rows,
    budget,
    ...(at.failing ? { failing: at.failing } : {}),
    ...(openUpTo !== undefined ? { openUpTo } : {}),
  });
  // What lies behind a stop comes again: it counts then.
  const counted = stopping && !stopping.whole ? results.filter(({ stamp }) => isPassed(stamp, stopping.bookmark)) : results;
  const findings = withFindings(at.findings, counted);
  const sheet = addSheets(at.sheet, { ...sheetOf(counted), brought });
  const progress: Progress = { bookmark: stopping ? stopping.bookmark : page.bookmark, sheet, findings, failing };
  if (!stopping) return { progress, failures, inStep };
  return { progress, failures: stopping.recorded, inStep, stopped: stopping.stop };
}
