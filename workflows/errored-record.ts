import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  makeContinueAsNewFunc,
  setDefaultSignalHandler,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { checkDecoded } from './check-input.js';
import { CLOCK_BOUND } from '../src/model/clock-doubts.js';
import { clean } from '../src/model/clean.js';
import { LONGEST_ID, whyOutOfBounds } from './errored/bounds.js';
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
import { isName, received, type RowLimits } from './errored/received.js';
import type { Instant } from '../src/connectors/connector.js';
import { BY_HAND, newRow, reduceRow, rowOf, type Decision, type RowMessage, type RowState } from './errored/row.js';
import { rowDetails, rowMemo, rowStatus } from './errored/status.js';
import { isProcessId } from './ids.js';
import { parseInstant } from '../src/model/instant.js';
import { rowChangedSignal } from './messages.js';
import { now } from './now.js';
import { rowSearchAttributes } from './search-attributes.js';
import { showDetails } from './show-details.js';
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

/** Milliseconds: clocks that differ by more are no clocks. */
const HOUR = 3_600_000;

/** Messages a run takes before it continues as new. */
const MOST_MESSAGES = 500;

/**
 * One record that failed, open until it is in step or gone: what failed, how often, what is next,
 * which children wait on it. It does nothing by itself, since thousands stay open for years: the
 * engine tells it what happened, and an operator what to do.
 */
export async function erroredRecord(input: ErroredRecordInput): Promise<ErroredRecordResult> {
  checkInput(input);
  const { process, entityType, id } = input;
  let row = input.state ? rowOf(input.state) : newRow({ process, entityType, id }, input.at < now() ? input.at : now());
  const limits = { clockBound: input.clockBound ?? CLOCK_BOUND, ...(input.host !== undefined ? { host: input.host } : {}) };
  let messages = 0;
  const ignore = (why: string): void => {
    tell('warn', 'A message was ignored', { process: row.process, why });
    row = { ...row, ignoredMessage: `${why} (${now()})` };
  };
  const take = (kind: RowMessage['kind']) => (payload: unknown) => {
    messages += 1;
    const message = parseRowMessage(kind, payload, now());
    const taken = 'refused' in message ? message : refusedOr(message, { now: now(), ...limits });
    if ('refused' in taken) ignore(taken.refused);
    else row = reduceRow(row, taken);
    publish(row);
    if (!('refused' in taken) && isByHand(taken)) tellProcess(process);
  };
  // Messages that came before this ran are taken in the order they came; handlers alone would take
  // them name by name.
  setDefaultSignalHandler((name, payload) => {
    if (isRowMessage(name)) take(name)(payload);
    else ignore(`no signal is named "${clean(name, 40)}"`);
  });
  setHandler(rowStatusQuery, () => rowStatus(row), { description: 'What failed, how often, what to do, and who waits' });
  setHandler(failedSignal, take('failed'), { description: 'From the engine' });
  setHandler(syncedSignal, take('synced'), { description: 'From the engine' });
  setHandler(goneSignal, take('gone'), { description: 'From the engine' });
  setHandler(waitingSignal, take('waiting'), { description: 'From the engine' });
  setHandler(retrySignal, take('retry'), { description: '{"by"?, "reason"?}: try it again, with the attempts counted anew' });
  setHandler(ignoreSignal, take('ignore'), { description: '{"reason", "by"?}: leave it aside until a newer version arrives' });
  // Details are not carried by continue-as-new.
  showDetails(rowDetails(row));
  const isOver = (): boolean => row.ended !== undefined || messages >= MOST_MESSAGES || workflowInfo().continueAsNewSuggested;
  try {
    await condition(isOver);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    ignore(CANCEL);
    publish(row);
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
  return message.kind === 'retry' || message.kind === 'ignore' || ('by' in message ? message.by === undefined : false);
}

/**
 * What it knows of its rows is behind. Where it does not run, it reads their list when it starts.
 */
function tellProcess(process: string): void {
  void getExternalWorkflowHandle(process)
    .signal(rowChangedSignal, {})
    .catch(() => undefined);
}

/** What Temporal would end the row for is refused. */
function refusedOr(message: RowMessage, limits: RowLimits): RowMessage | { refused: string } {
  const why = whyOutOfBounds(message);
  return why !== undefined ? { refused: why } : received(message, limits);
}

function checkInput(input: ErroredRecordInput): void {
  checkDecoded(input);
  const named = [input?.process, input?.entityType, input?.id, input?.at].every((each) => typeof each === 'string');
  const { process, entityType, id, host, clockBound } = input ?? {};
  const isNamed = named && isProcessId(process) && isName(entityType) && id !== '' && id.length <= LONGEST_ID;
  const isLimited =
    isShort(host) && (clockBound === undefined || (typeof clockBound === 'number' && clockBound >= 0 && clockBound <= HOUR));
  const isOwn = workflowInfo().workflowId.startsWith(`${process}/errored/${entityType}/`);
  // A state is what a row hands on to itself: whoever starts one by hand could put anything into
  // it.
  const isCarried = input?.state === undefined || workflowInfo().continuedFromExecutionRunId !== undefined;
  if (input?.v !== 1 || !isNamed || !isLimited || !isOwn || !isCarried || parseInstant(input.at) !== input.at)
    throw ApplicationFailure.nonRetryable('An errored record is opened by the engine, when a record fails', 'InvalidInput');
}

function isShort(host: unknown): boolean {
  return host === undefined || (typeof host === 'string' && host.length <= 300);
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
