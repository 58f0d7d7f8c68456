import type { Context, Page, SourceRecord } from '../connectors/connector.js';
import { carry, type Carrying } from './carry.js';
import { heldFailure, inStepOf, recordErrored, unreadableErrored } from './failures-of.js';
import type { RecordFailure } from './failures.js';
import type { Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import type { Findings, Sheet } from './results.js';
import { isLeftAlone, type InStep } from './rows.js';
import { addFindings, emptySheet } from './sheet.js';

export interface PageResult {
  sheet: Sheet;
  failures: RecordFailure[];
  inStep: InStep[];
  /** Of the records that were tried, in order: whether each failed. Held ones are not among them. */
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
  const records = triable(page, parts, carrying, result);
  const { outcomes, brought, failures, inStep } = await carry(records, parts, carrying, c);
  result.sheet.brought = brought;
  result.failures.push(...failures);
  result.inStep.push(...inStep);
  records.forEach((record, index) => {
    const outcome = outcomes[index];
    if (outcome) take(record, outcome, parts, result, findings);
  });
  return result;
}

/** The newest state of each record that is to be tried; the others are counted at once. */
function triable(page: Page, parts: EntityTypeParts, { rows }: Carrying, { sheet, failures, tried }: PageResult): SourceRecord[] {
  const newest = new Map<string, SourceRecord>();
  for (const record of page.records) {
    if ('error' in record) {
      sheet.errored += 1;
      const failure = unreadableErrored(record, parts);
      if (isLeftAlone(rows.find(parts.definition.name, failure.id), failure.version)) continue;
      failures.push(failure);
      tried.push({ failed: true, failure });
      continue;
    }
    if (isLeftAlone(rows.find(parts.definition.name, record.id), record.version)) {
      sheet.errored += 1;
      continue;
    }
    const other = newest.get(record.id);
    // One record twice in a page: the newer state is written, the older one is thereby in step.
    if (other) sheet.unchanged += 1;
    if (!other || other.modified <= record.modified) newest.set(record.id, record);
  }
  return [...newest.values()];
}

function take(record: SourceRecord, outcome: Outcome, parts: EntityTypeParts, result: PageResult, findings: Findings): void {
  result.sheet[outcome.fate] += 1;
  if (outcome.fate === 'held') return void result.failures.push(heldFailure(record, outcome.on, parts));
  if (outcome.fate === 'errored') {
    const failure = recordErrored(record, outcome.error, parts);
    result.failures.push(failure);
    return void result.tried.push({ failed: true, failure });
  }
  result.tried.push({ failed: false });
  result.inStep.push(inStepOf(record, parts));
  if (parts.definition.concepts.unmapped === 'report') addFindings(findings, record.id, outcome.unmapped ?? []);
}
