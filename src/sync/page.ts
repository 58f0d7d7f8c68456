import type { Context, Instant, Page, SourceRecord } from '../connectors/connector.js';
import { carry, type Carrying } from './carry.js';
import { doneOf, heldFailure, idOf, recordErrored, stampOf, unreadableErrored } from './failures-of.js';
import type { RecordErrored, RecordFailure } from './failures.js';
import type { Outcome } from './outcome.js';
import type { EntityTypeParts } from './parts.js';
import { isLeftAlone, type InStep } from './rows.js';
import type { Result } from '../model/sheet.js';

export interface PageResult {
  /** What became of each record that was read. */
  fates: RecordFate[];
  /** Parents that were brought over first, and children of late ones. */
  brought: number;
  failures: RecordFailure[];
  inStep: InStep[];
  /** Of the records that were tried, in order. Held and ignored ones are not among them. */
  tried: Tried[];
}

export interface RecordFate {
  id: string;
  stamp: Instant;
  fate: Result;
  /** What it has and no expression reads. */
  unmapped?: string[];
  /** It took over what was there already. */
  adopted?: true;
}

export interface Tried {
  stamp: Instant;
  /** Absent: it did not fail. */
  failure?: RecordErrored;
}

/** Carries one page whole, but for records whose row is open in the very state they have now: those are left alone. */
export async function carryPage(page: Page, parts: EntityTypeParts, carrying: Carrying, c: Context): Promise<PageResult> {
  const { tried, fates } = triable(page, parts, carrying);
  const records = tried.filter((each): each is SourceRecord => !('error' in each));
  const { outcomes, brought, failures, inStep } = await carry(records, parts, carrying, c);
  const result: PageResult = { fates, brought, failures, inStep, tried: [] };
  const outcomeOf = new Map(records.map((record, index) => [record, outcomes[index]]));
  for (const each of tried) {
    if ('error' in each) fail(unreadableErrored(each, parts), result);
    else take(each, outcomeOf.get(each), parts, result);
  }
  return result;
}

/** The newest state of each record that is to be tried, in order; and what becomes of the others. */
function triable(page: Page, parts: EntityTypeParts, { rows }: Carrying): { tried: Page['records']; fates: RecordFate[] } {
  const newest = new Map<string, Page['records'][number]>();
  const fates: RecordFate[] = [];
  for (const record of page.records) {
    const state = 'error' in record ? { id: idOf(record), version: record.stamp } : record;
    if (isLeftAlone(rows.find(parts.definition.name, state.id), state.version)) {
      fates.push({ id: state.id, stamp: stampOf(record), fate: 'errored' });
      continue;
    }
    const other = newest.get(state.id);
    const isNewer = !other || stampOf(other) <= stampOf(record);
    // One record twice in a page: the newer state is written, the older one is thereby in step.
    if (other) fates.push({ id: state.id, stamp: stampOf(isNewer ? other : record), fate: 'unchanged' });
    if (isNewer) newest.set(state.id, record);
  }
  return { tried: [...newest.values()], fates };
}

function take(record: SourceRecord, outcome: Outcome | undefined, parts: EntityTypeParts, result: PageResult): void {
  if (!outcome) return;
  if (outcome.fate === 'errored') return fail(recordErrored(record, outcome.error, parts), result);
  const { id, modified: stamp } = record;
  if (outcome.fate === 'held') {
    result.fates.push({ id, stamp, fate: 'held' });
    result.failures.push(heldFailure(record, outcome.on, parts));
    return;
  }
  const unmapped = parts.definition.concepts.unmapped === 'report' ? (outcome.unmapped ?? []) : [];
  const more = { ...(unmapped.length > 0 ? { unmapped } : {}), ...(outcome.adopted ? { adopted: true as const } : {}) };
  result.fates.push({ id, stamp, fate: outcome.fate, ...more });
  result.tried.push({ stamp });
  result.inStep.push(doneOf(record, outcome, parts));
}

function fail(failure: RecordErrored, { fates, failures, tried }: PageResult): void {
  const { id, stamp } = failure;
  fates.push({ id, stamp, fate: 'errored' });
  failures.push(failure);
  // What a definition sets aside on purpose says nothing about how the others fare.
  if (failure.error.then !== 'ignore') tried.push({ stamp, failure });
}
