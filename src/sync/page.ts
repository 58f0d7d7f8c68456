import type { Context, Page, SourceRecord } from '../connectors/connector.js';
import type { Instant } from '../model/instant.js';
import type { Result } from '../model/sheet.js';
import type { Surroundings } from './batch.js';
import { doneOf, failureOfHeld, idOf, recordErrored, stampOf, unreadableErrored } from './failures-of.js';
import type { RecordErrored, RecordFailure } from './failures.js';
import type { Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import { processRecords } from './process-records.js';
import { isLeftAlone, type InStep } from './rows.js';

export interface PageResult {
  /** What became of each record that was read. */
  results: RecordResult[];
  /** Parents that were brought over first, and children of late ones. */
  brought: number;
  failures: RecordFailure[];
  inStep: InStep[];
  /** Of the records that were tried, in order. Held and ignored ones are not among them. */
  tried: TriedRecord[];
}

export interface RecordResult {
  id: string;
  stamp: Instant;
  result: Result;
  /** What it has and no expression reads. */
  unmapped?: string[];
  /** It took over what was there already. */
  adopted?: true;
  /** Somebody else had changed it there. */
  edited?: true;
}

export interface TriedRecord {
  stamp: Instant;
  /** Absent: it did not fail. */
  failure?: RecordErrored;
}

/**
 * Processes one page whole, but for records whose row is open in the very state they have now:
 * those are left alone.
 */
export async function processPage(page: Page, parts: EntityTypeParts, around: Surroundings, c: Context): Promise<PageResult> {
  const { tried, results } = triable(page, parts, around);
  const records = tried.filter((each): each is SourceRecord => !('error' in each));
  const { outcomes, brought, failures, inStep } = await processRecords(records, parts, around, c);
  const done: PageResult = { results, brought, failures: [...failures], inStep: [...inStep], tried: [] };
  const outcomeOf = new Map(records.map((record, index) => [record, outcomes[index]]));
  for (const each of tried) {
    if ('error' in each) fail(unreadableErrored(each, parts), done);
    else take(each, outcomeOf.get(each), parts, done);
  }
  return done;
}

/**
 * The newest state of each record that is to be tried, in order; and what becomes of the others.
 */
function triable(page: Page, parts: EntityTypeParts, { rows }: Surroundings): { tried: Page['records']; results: RecordResult[] } {
  const newest = new Map<string, Page['records'][number]>();
  const results: RecordResult[] = [];
  for (const record of page.records) {
    const state = 'error' in record ? { id: idOf(record), version: record.stamp } : record;
    const row = rows.find(parts.definition.name, state.id);
    if (isLeftAlone(row, state.version)) {
      results.push({ id: state.id, stamp: stampOf(record), result: row?.awaits ? 'held' : 'errored' });
      continue;
    }
    const other = newest.get(state.id);
    const isNewer = !other || stampOf(other) <= stampOf(record);
    // One record twice in a page: the newer state is written, the older one is thereby in step.
    if (other) results.push({ id: state.id, stamp: stampOf(isNewer ? other : record), result: 'unchanged' });
    if (isNewer) newest.set(state.id, record);
  }
  return { tried: [...newest.values()], results };
}

function take(record: SourceRecord, outcome: Outcome | undefined, parts: EntityTypeParts, page: PageResult): void {
  if (!outcome) return;
  if (outcome.result === 'errored') return fail(recordErrored(record, outcome.error, parts), page);
  const { id, modified: stamp } = record;
  if (outcome.result === 'held') {
    page.results.push({ id, stamp, result: 'held' });
    page.failures.push(failureOfHeld(record, outcome, parts));
    return;
  }
  const { unmapped = [], adopted, edited } = outcome;
  const reported = parts.definition.concepts.unmapped === 'report' && unmapped.length > 0;
  page.results.push({
    id,
    stamp,
    result: outcome.result,
    ...(reported ? { unmapped } : {}),
    ...(adopted ? { adopted } : {}),
    ...(edited ? { edited } : {}),
  });
  page.tried.push({ stamp });
  page.inStep.push(doneOf(record, outcome, parts));
}

function fail(failure: RecordErrored, { results, failures, tried }: PageResult): void {
  const { id, stamp } = failure;
  results.push({ id, stamp, result: 'errored' });
  failures.push(failure);
  // What a definition sets aside on purpose says nothing about how the others fare.
  if (failure.error.then !== 'ignore') tried.push({ stamp, failure });
}
