import type { Context } from '../connectors/connector.js';
import { Cancelled } from '../errors/system-failure.js';
import type { RetryProgress, RetryResult } from '../model/progress.js';
import { addSheets, emptyRetrySheet } from '../model/sheet.js';
import { Budget, type Allowance } from './budget.js';
import { endingOf } from './ending.js';
import { killsWorker, type InHand } from './in-hand.js';
import type { EntityTypeParts } from './parts.js';
import { retryRecords } from './retry.js';
import type { Retried, RetryWork } from './retry-work.js';

export interface RetryRowsWork extends Pick<RetryWork, 'rows' | 'expectHealthy' | 'now'> {
  /** Where a lost attempt got to, and how children fared before. */
  progress?: RetryProgress;
  /** So many open rows of the process an operator accepted, where that is more than may be. */
  openUpTo?: number;
  /** Asked between some records and the next: whether to return with what is done. */
  shouldYield(): boolean;
  onProgress(progress: RetryProgress): void;
  /** Tells what is in hand, and finds the record that kills its worker. */
  inHand?: InHand;
}

/**
 * Records tried together: one look-up and one write for many. What a source is asked for at once,
 * 8 records, divides it.
 */
const TOGETHER = 40;

/**
 * A pass over errored records of one entity type, in the order given: some at a time, until all are
 * tried, an error type says stop, `shouldYield` or cancellation. `progress.done` of them are passed
 * over. A system's failure is data.
 */
export async function retryRows(ids: string[], parts: EntityTypeParts, work: RetryRowsWork, c: Context): Promise<RetryResult> {
  let progress = work.progress ?? { sheet: emptyRetrySheet, done: 0 };
  const budget = new Budget(work.rows, allowanceOf(progress, work));
  let released = 0;
  const retrying: RetryWork = { ...work, budget, onReleased: (children) => void (released += children) };
  try {
    while (progress.done < ids.length && !budget.told) {
      if (c.signal.aborted) return { ...progress, cancelled: true };
      const some = ids.slice(progress.done, progress.done + TOGETHER);
      released = 0;
      const retried = await retrySome(some, parts, retrying, work.inHand, c);
      // Of those before a stop some are not told, and so are due still.
      const done = progress.done + (budget.told ? 0 : some.length);
      const { failing } = budget;
      progress = { sheet: addSheets(progress.sheet, sheetOf(retried, released)), done, ...(failing ? { failing } : {}) };
      work.onProgress(progress);
      if (work.shouldYield()) break;
    }
    return { ...progress, ...(budget.stop ? { stopped: budget.stop } : {}) };
  } catch (error) {
    return { ...progress, ...endingOf(error, parts) };
  }
}

function allowanceOf({ failing }: RetryProgress, { openUpTo }: RetryRowsWork): Allowance {
  return { ...(failing ? { failing } : {}), ...(openUpTo !== undefined ? { openUpTo } : {}) };
}

/**
 * Tries some together; one by one where workers were lost with these. One that is known to kill its
 * worker is told so to its row instead.
 */
async function retrySome(
  ids: string[],
  parts: EntityTypeParts,
  work: RetryWork,
  inHand: InHand | undefined,
  c: Context,
): Promise<Map<string, Retried>> {
  const { name: entityType } = parts.definition;
  const oneByOne = (await inHand?.begin(`${entityType} ${ids[0] ?? ''}`)) === true ? inHand : undefined;
  const retried = new Map<string, Retried>();
  for (const id of ids) {
    const row = inHand?.kills(id) ? work.rows.find(entityType, id) : undefined;
    if (!row) continue;
    const { version, stamp } = row;
    await work.rows.failedAgain({ kind: 'errored', entityType, id, version, stamp, error: parts.classify(killsWorker) });
    retried.set(id, 'failing');
  }
  const rest = ids.filter((id) => !retried.has(id));
  for (const some of oneByOne ? rest.map((id) => [id]) : [rest]) {
    if (c.signal.aborted) throw new Cancelled('Cancelled between two records');
    await oneByOne?.take(some[0] ?? '');
    for (const [id, what] of await retryRecords(some, parts, work, c)) retried.set(id, what);
    if (work.budget.told) break;
  }
  return retried;
}

function sheetOf(retried: Map<string, Retried>, released: number): typeof emptyRetrySheet {
  const sheet = { ...emptyRetrySheet, tried: retried.size, released };
  for (const each of retried.values()) sheet[each] += 1;
  return sheet;
}
