import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  log,
  makeContinueAsNewFunc,
  patched,
  setCurrentDetails,
  setDefaultSignalHandler,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { checkDecoded } from './check-input.js';
import { whyOutOfBounds } from './errored/bounds.js';
import {
  failedSignal,
  goneSignal,
  ignoreSignal,
  isRowMessage,
  parseRowMessage,
  retrySignal,
  rowStatusQuery,
  syncedSignal,
  waitingSignal,
} from './errored/messages.js';
import type { Instant } from '../src/connectors/connector.js';
import { newRow, reduceRow, upgradeRow, type Decision, type RowMessage, type RowState } from './errored/row.js';
import { rowDetails, rowMemo, rowStatus } from './errored/status.js';
import { parseInstant } from './messages.js';
import { now } from './now.js';
import { rowSearchAttributes } from './search-attributes.js';

/** Start input. `state` comes from continue-as-new alone. */
export interface ErroredRecordInput {
  v: 1;
  process: string;
  entityType: string;
  id: string;
  /** When it was opened. */
  at: Instant;
  state?: RowState;
}

export interface ErroredRecordResult {
  v: 1;
  result: 'synced' | 'gone';
  attempts: number;
  decisions: Decision[];
}

/** Closing it would lose the record, which fails all the same. */
const CANCEL = 'cancel does not close a row, since its record would be lost: signal ignore with a reason to leave it aside, or retry';

/** Messages a run takes before it continues as new. */
const MOST_MESSAGES = 500;

/**
 * One record that failed, open until it is in step or gone: what failed, how often, what is next, which children wait on it. It does nothing by itself, since
 * thousands stay open for years: the engine tells it what happened, and an operator what to do.
 */
export async function erroredRecord(input: ErroredRecordInput): Promise<ErroredRecordResult> {
  checkInput(input);
  const { process, entityType, id } = input;
  let row = input.state ? upgradeRow(input.state) : newRow({ process, entityType, id }, input.at);
  let messages = 0;
  const ignore = (why: string): void => {
    log.warn('A message was ignored', { process: row.process, why });
    row = { ...row, ignoredMessage: `${why} (${now()})` };
  };
  const take = (kind: RowMessage['kind']) => (payload: unknown) => {
    messages += 1;
    const message = parseRowMessage(kind, payload, now());
    const why = 'refused' in message ? message.refused : whyRefused(message);
    if (why !== undefined) ignore(why);
    else row = reduceRow(row, message as RowMessage);
    publish(row);
  };
  // Messages that came before this ran are taken in the order they came; handlers alone would take them name by name.
  setDefaultSignalHandler((name, payload) => {
    if (isRowMessage(name)) take(name)(payload);
    else ignore(`no signal is named "${name.slice(0, 40)}"`);
  });
  setHandler(rowStatusQuery, () => rowStatus(row), { description: 'What failed, how often, what to do, and who waits' });
  setHandler(failedSignal, take('failed'), { description: 'From the engine' });
  setHandler(syncedSignal, take('synced'), { description: 'From the engine' });
  setHandler(goneSignal, take('gone'), { description: 'From the engine' });
  setHandler(waitingSignal, take('waiting'), { description: 'From the engine' });
  setHandler(retrySignal, take('retry'), { description: '{"by"?, "reason"?}: try it again, with the attempts counted anew' });
  setHandler(ignoreSignal, take('ignore'), { description: '{"reason", "by"?}: leave it aside until a newer version arrives' });
  // Details are not carried by continue-as-new.
  setCurrentDetails(rowDetails(row));
  const isOver = (): boolean => row.ended !== undefined || messages >= MOST_MESSAGES || workflowInfo().continueAsNewSuggested;
  try {
    await condition(isOver);
  } catch (error) {
    if (!isCancellation(error) || !patched('cancel-closes-no-row')) throw error;
    ignore(CANCEL);
    publish(row);
    await CancellationScope.nonCancellable(() => condition(isOver));
  }
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  if (row.ended !== undefined) return { v: 1, result: row.ended, attempts: row.attempts, decisions: row.decisions };
  const next = makeContinueAsNewFunc<typeof erroredRecord>({ memo: { row: rowMemo(row) } });
  return next({ v: 1, process, entityType, id, at: row.firstFailedAt, state: row });
}

/** What Temporal would end the row for; a run that took such under an earlier release goes on as it did. */
function whyRefused(message: RowMessage): string | undefined {
  const why = whyOutOfBounds(message);
  return why !== undefined && patched('bounds-of-messages') ? why : undefined;
}

function checkInput(input: ErroredRecordInput): void {
  checkDecoded(input);
  const named = [input?.process, input?.entityType, input?.id, input?.at].every((each) => typeof each === 'string');
  if (input?.v !== 1 || !named || parseInstant(input.at) !== input.at)
    throw ApplicationFailure.nonRetryable('An errored record is opened by the engine, when a record fails', 'InvalidInput');
}

/** Shows the row: details always; memo and search attributes where they changed, since each costs an event. */
function publish(row: RowState): void {
  setCurrentDetails(rowDetails(row));
  if (row.ended !== undefined) return;
  const memo = rowMemo(row);
  if (memo.lookAgain && !patched('memo-shows-look-again')) delete memo.lookAgain;
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
