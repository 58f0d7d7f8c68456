import type { Context, Page, SourceRecord } from '../connectors/connector.js';
import { carry, type Carrying } from './carry.js';
import { doneOf, heldFailure, idOf, recordErrored, stampOf, unreadableErrored } from './failures-of.js';
import type { RecordErrored, RecordFailure } from './failures.js';
import type { Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import type { Findings, Sheet } from './results.js';
import { isLeftAlone, type InStep } from './rows.js';
import { addFindings, emptySheet } from './sheet.js';

export interface PageResult {
  sheet: Sheet;
  failures: RecordFailure[];
  inStep: InStep[];
  /** Of the records that were tried, in order: whether each failed. Held and ignored ones are not among them. */
  tried: { failed: boolean; failure?: RecordFailure }[];
}

/**
 * Carries one page whole, but for records whose row is open in the very state they have now: those are left alone. `findings` gain what its records
 * have and no expression reads.
 */
export async function carryPage(
  page: Page,
  parts: EntityTypeParts,
  carrying: Carrying,
  findings: Findings,
  c: Context,
): Promise<PageResult> {
  const result: PageResult = { sheet: { ...emptySheet, read: page.records.length }, failures: [], inStep: [], tried: [] };
  const tried = triable(page, parts, carrying, result.sheet);
  const records = tried.filter((each): each is SourceRecord => !('error' in each));
  const { outcomes, brought, failures, inStep } = await carry(records, parts, carrying, c);
  result.sheet.brought = brought;
  result.failures = failures;
  result.inStep = inStep;
  const outcomeOf = new Map(records.map((record, index) => [record, outcomes[index]]));
  for (const each of tried) {
    if ('error' in each) fail(unreadableErrored(each, parts), result);
    else take(each, outcomeOf.get(each), parts, result, findings);
  }
  return result;
}

/** The newest state of each record that is to be tried, in order; the others are counted at once. */
function triable(page: Page, parts: EntityTypeParts, { rows }: Carrying, sheet: Sheet): Page['records'] {
  const newest = new Map<string, Page['records'][number]>();
  for (const record of page.records) {
    const state = 'error' in record ? { id: idOf(record), version: record.stamp } : record;
    if (isLeftAlone(rows.find(parts.definition.name, state.id), state.version)) {
      sheet.errored += 1;
      continue;
    }
    const other = newest.get(state.id);
    // One record twice in a page: the newer state is written, the older one is thereby in step.
    if (other) sheet.unchanged += 1;
    if (!other || stampOf(other) <= stampOf(record)) newest.set(state.id, record);
  }
  return [...newest.values()];
}

function take(record: SourceRecord, outcome: Outcome | undefined, parts: EntityTypeParts, result: PageResult, findings: Findings): void {
  if (!outcome) return;
  if (outcome.fate === 'errored') return fail(recordErrored(record, outcome.error, parts), result);
  result.sheet[outcome.fate] += 1;
  if (outcome.fate === 'held') return void result.failures.push(heldFailure(record, outcome.on, parts));
  result.tried.push({ failed: false });
  result.inStep.push(doneOf(record, outcome, parts));
  if (parts.definition.concepts.unmapped === 'report') addFindings(findings, record.id, outcome.unmapped ?? []);
}

function fail(failure: RecordErrored, { sheet, failures, tried }: PageResult): void {
  sheet.errored += 1;
  failures.push(failure);
  // What a definition sets aside on purpose says nothing about how the others fare.
  if (failure.error.then !== 'ignore') tried.push({ failed: true, failure });
}
