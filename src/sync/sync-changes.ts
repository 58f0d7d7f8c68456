import type { Bookmark, Context, Instant, Page } from '../connectors/connector.js';
import { Cancelled, SystemFailure } from '../errors/system-failure.js';
import { stopOf } from '../errors/stop-of.js';
import { stopAtFailures, type HandleFailures, type RecordFailure } from './failures.js';
import { Memory } from './memory.js';
import { Unbalanced } from './outcome.js';
import { carryPage } from './page.js';
import type { EntityTypeParts } from './parts.js';
import { readAhead } from './read-ahead.js';
import type { Findings, Progress, Stop, SyncResult } from './results.js';
import { addSheets, balances, emptySheet } from './sheet.js';

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
  failures?: HandleFailures;
}

/**
 * Carries the changes of one entity type, page after page, until the horizon, a stop, `shouldYield` or cancellation. Bookmark, sheet and
 * findings move together, and only past a page that is whole. A system's failure is data; it throws only for a defect that leaves no result.
 */
export async function syncChanges(parts: EntityTypeParts, work: SyncWork, c: Context): Promise<SyncResult> {
  const memory = new Memory();
  let at: Progress = work.progress ?? { bookmark: work.after, sheet: emptySheet, findings: {} };
  try {
    for await (const page of readAhead(parts.source.changes(at.bookmark, work.until, work.limit, c))) {
      const step = await carryOne(page, at, parts, memory, work, c);
      at = step.progress;
      work.onProgress(at);
      if (step.stopped) return { ...at, done: false, stopped: step.stopped };
      if (isLast(page, work.until)) break;
      if (c.signal.aborted) return { ...at, done: false, cancelled: true };
      if (work.shouldYield()) return { ...at, done: false };
    }
    return { ...at, done: true };
  } catch (error) {
    return { ...at, done: false, ...ending(error, parts) };
  }
}

function isLast(page: Page, until: Instant): boolean {
  return page.bookmark.at >= until && !page.bookmark.inside;
}

async function carryOne(
  page: Page,
  at: Progress,
  parts: EntityTypeParts,
  memory: Memory,
  work: SyncWork,
  c: Context,
): Promise<{ progress: Progress; stopped?: Stop }> {
  const findings: Findings = structuredClone(at.findings);
  const { sheet, failures } = await carryPage(page, parts, memory, findings, c);
  if (!balances(sheet)) throw new Unbalanced(`A page of ${sheet.read} records does not balance`);
  const total = addSheets(at.sheet, sheet);
  const recorded = failures.length === 0 || (await (work.failures ?? stopAtFailures)(failures, c)) === 'recorded';
  if (recorded) return { progress: { bookmark: page.bookmark, sheet: total, findings } };
  const first = failures.reduce((a, b) => (b.stamp < a.stamp ? b : a));
  return { progress: { bookmark: before(first, page, at.bookmark), sheet: total, findings }, stopped: stopBefore(first, parts) };
}

/** The furthest place that is surely before a failed record; inside a group of one timestamp that is where the page began. */
function before(failure: RecordFailure, page: Page, start: Bookmark | null): Bookmark | null {
  if (page.bookmark.inside || start?.inside) return start;
  const at = new Date(Date.parse(failure.stamp) - 1).toISOString();
  return start && start.at >= at ? start : { v: 1, at };
}

function stopBefore({ id, error, kind, parent }: RecordFailure, parts: EntityTypeParts): Stop {
  const why = kind === 'held' && parent ? ` (held on ${parent.entityType} ${parent.id})` : '';
  return {
    code: error.code,
    message: `${parts.definition.name} ${id}${why}: ${error.message}`,
    remedy: error.remedy,
    needs: 'person',
    record: id,
  };
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
