import type { Context, Page, SourceRecord, Unreadable } from '../connectors/connector.js';
import { carry } from './carry.js';
import type { RecordFailure } from './failures.js';
import type { Memory } from './memory.js';
import type { Errored, Held } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import type { Findings, Sheet } from './results.js';
import { addFindings, emptySheet } from './sheet.js';

export interface PageResult {
  sheet: Sheet;
  failures: RecordFailure[];
}

/** Carries one page whole. `findings` gain what its records have and no expression reads. */
export async function carryPage(page: Page, parts: EntityTypeParts, memory: Memory, findings: Findings, c: Context): Promise<PageResult> {
  const sheet: Sheet = { ...emptySheet, read: page.records.length };
  const failures: RecordFailure[] = [];
  const newest = new Map<string, SourceRecord>();
  for (const record of page.records) {
    if ('error' in record) {
      sheet.errored += 1;
      failures.push(unreadable(record));
      continue;
    }
    const other = newest.get(record.id);
    // One record twice in a page: the newer state is written, the older one is thereby in step.
    if (other) sheet.unchanged += 1;
    if (!other || other.modified <= record.modified) newest.set(record.id, record);
  }
  const records = [...newest.values()];
  const { outcomes, brought } = await carry(records, parts, memory, c);
  sheet.brought = brought;
  records.forEach((record, index) => {
    const outcome = outcomes[index];
    if (!outcome) return;
    sheet[outcome.fate] += 1;
    if (outcome.fate === 'errored' || outcome.fate === 'held') failures.push(failureOf(record, outcome));
    else if (parts.definition.concepts.unmapped === 'report') addFindings(findings, record.id, outcome.unmapped ?? []);
  });
  return { sheet, failures };
}

function unreadable(record: Unreadable): RecordFailure {
  return { kind: 'errored', id: record.id ?? `@${record.stamp}#${record.slot}`, stamp: record.stamp, error: record.error };
}

function failureOf(record: SourceRecord, outcome: Errored | Held): RecordFailure {
  const common = { id: record.id, version: record.version, stamp: record.modified, error: outcome.error };
  return outcome.fate === 'held' ? { kind: 'held', ...common, parent: outcome.parent } : { kind: 'errored', ...common };
}
