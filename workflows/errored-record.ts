import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineQuery,
  getExternalWorkflowHandle,
  isCancellation,
  makeContinueAsNewFunc,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { CLOCK_BOUND } from '../src/model/clock-doubts.js';
import type { Instant } from '../src/model/instant.js';
import { parseRowMessage, type RowMessage } from '../src/model/row-messages.js';
import { checkRowInput } from './check-input.js';
import { received } from './errored/received.js';
import { BY_HAND, newRow, reduceRow, rowOf, type Decision, type RowState } from './errored/row.js';
import { rowDetails, rowMemo, rowStatus, type RowStatus } from './errored/status.js';
import { now } from './now.js';
import { rowSearchAttributes } from './search-attributes.js';
import { showDetails } from './show-details.js';
import { takeSignals } from './take-signals.js';
import { tell } from './tell.js';

/** Start input. `state` comes from continue-as-new alone. */
export interface ErroredRecordInput {
  v: 1;
  process: string;
  entityType: string;
  id: string;
  /** When it was opened. */
  at: Instant;
  /** Where links to it may lead; nowhere where absent. */
  host?: string;
  /** Milliseconds by which the stamps of its source may lie ahead of now; 5,000 where absent. */
  clockBound?: number;
  state?: RowState;
}

export interface ErroredRecordResult {
  v: 1;
  result: 'synced' | 'gone';
  /** On whose word. */
  resolvedBy: string;
  attempts: number;
  decisions: Decision[];
}

/** Closing it would lose the record, which fails all the same. */
const CANCEL = 'cancel does not close a row, since its record would be lost: signal ignore with a reason to leave it aside, or retry';

/** What it may be told: by the engine, and by people. */
const SIGNALS: [kind: RowMessage['kind'], description: string][] = [
  ['failed', 'From the engine'],
  ['synced', 'From the engine'],
  ['gone', 'From the engine'],
  ['waiting', 'From the engine'],
  ['retry', '{"by"?, "reason"?}: try it again, with the attempts counted anew'],
  ['ignore', '{"reason", "by"?}: leave it aside until a newer version arrives'],
];

/** Messages a run takes before it continues as new. */
const MOST_MESSAGES = 500;

/**
 * One record that failed, open until it is in step or gone: what failed, how often, what is next,
 * which children wait on it. It does nothing by itself, since thousands stay open for years: the
 * engine tells it what happened, and an operator what to do.
 */
export async function erroredRecord(input: ErroredRecordInput): Promise<ErroredRecordResult> {
  checkRowInput(input);
  const { process, entityType, id } = input;
  let row = input.state ? rowOf(input.state) : newRow({ process, entityType, id }, input.at < now() ? input.at : now());
  const limits = { clockBound: input.clockBound ?? CLOCK_BOUND, ...(input.host !== undefined ? { host: input.host } : {}) };
  let messages = 0;
  const ignore = (why: string): void => {
    tell('warn', 'A message was ignored', { process: row.process, why });
    row = { ...row, ignoredMessage: `${why} (${now()})` };
    publish(row);
  };
  const take = (kind: RowMessage['kind'], payload: unknown): void => {
    messages += 1;
    const message = parseRowMessage(kind, payload, now());
    const taken = 'refused' in message ? message : received(message, { now: now(), ...limits });
    if ('refused' in taken) return ignore(taken.refused);
    row = reduceRow(row, taken);
    publish(row);
    if (isByHand(taken)) tellProcess(process);
  };
  takeSignals(
    SIGNALS.map(([name, description]) => ({ name, description, take: (payload) => take(name, payload) })),
    ignore,
  );
  setHandler(defineQuery<RowStatus>('status'), () => rowStatus(row), { description: 'What failed, how often, what to do, and who waits' });
  // Details are not carried by continue-as-new.
  showDetails(rowDetails(row));
  const isOver = (): boolean => row.ended !== undefined || messages >= MOST_MESSAGES || workflowInfo().continueAsNewSuggested;
  try {
    await condition(isOver);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    ignore(CANCEL);
    await CancellationScope.nonCancellable(() => condition(isOver));
  }
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  const { ended, resolvedBy = BY_HAND, attempts, decisions } = row;
  if (ended !== undefined) return { v: 1, result: ended, resolvedBy, attempts, decisions };
  const next = makeContinueAsNewFunc<typeof erroredRecord>({ memo: { row: rowMemo(row) } });
  const { host, clockBound } = input;
  const pinned = { ...(host !== undefined ? { host } : {}), ...(clockBound !== undefined ? { clockBound } : {}) };
  return next({ v: 1, process, entityType, id, at: row.firstFailedAt, ...pinned, state: row });
}

/** A decision of a person, or their word that the record is settled. */
function isByHand(message: RowMessage): boolean {
  return message.kind === 'retry' || message.kind === 'ignore' || ((message.kind === 'synced' || message.kind === 'gone') && !message.by);
}

/**
 * What it knows of its rows is behind. Where it does not run, it reads their list when it starts.
 */
function tellProcess(process: string): void {
  void getExternalWorkflowHandle(process)
    .signal('rowChanged', {})
    .catch(() => undefined);
}

/**
 * Shows the row: details always; memo and search attributes where they changed, since each costs an
 * event.
 */
function publish(row: RowState): void {
  showDetails(rowDetails(row));
  // Of those that end most do so on the engine's word, which is not worth an event.
  if (row.ended !== undefined && row.resolvedBy !== BY_HAND) return;
  const memo = rowMemo(row);
  if (!same(workflowInfo().memo?.['row'], memo)) upsertMemo({ row: memo });
  const shown = workflowInfo().typedSearchAttributes;
  const changed = rowSearchAttributes(row).filter(({ key, value }) => !same(shown.get(key) ?? null, value));
  if (changed.length > 0) upsertSearchAttributes(changed);
}

function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** A memo that has come back from the server may have its members in another order. */
function canonical(value: unknown): string {
  if (value instanceof Date || typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
