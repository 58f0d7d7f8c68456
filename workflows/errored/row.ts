import type { Instant } from '../../src/connectors/connector.js';
import type { ClassifiedError } from '../../src/model/classified-error.js';
import type { FailedMessage, RowMessage, SyncedMessage } from '../../src/model/row-messages.js';
import { keyOf } from '../../src/model/record-key.js';
import { MAX_WAITING, type WaitingChild } from '../../src/model/waiting-child.js';

/** What a person decided, or a definition. */
export interface Decision {
  what: 'retry' | 'ignore';
  at: Instant;
  by?: string;
  reason?: string;
}

/**
 * The state of a record that failed. `version` and `stamp` are the record's own; `digest` is of the
 * definition it failed under.
 */
export interface Failure {
  version: string;
  stamp: Instant;
  digest: string;
  error: ClassifiedError;
}

/**
 * The durable row for one record that failed, or on which children wait: plain JSON, carried by
 * continue-as-new.
 */
export interface RowState {
  v: 1;
  process: string;
  entityType: string;
  /** Whole, however long. */
  id: string;
  /**
   * `failing`: it is tried again. `ignored`: until a newer version. `releasing`: in step itself,
   * and children still wait.
   */
  state: 'failing' | 'ignored' | 'releasing';
  failure?: Failure;
  /** Tries of this version, since a person last asked for more. */
  attempts: number;
  firstFailedAt: Instant;
  lastFailedAt?: Instant;
  /** When it is tried again; absent: it waits for a person. */
  retryAt?: Instant;
  /** The newest state known to be in step. */
  inStep?: { version: string; stamp: Instant };
  /** `all`: more than are listed here; the source lists them. */
  waiting: WaitingChild[] | 'all';
  decisions: Decision[];
  /** Where a person sees the record in its system. */
  link?: string;
  /** A message that was ignored, and why. */
  ignoredMessage?: string;
  /** So many looks in a row changed nothing: what the wait before the next one grows by. */
  vain?: number;
  /** How it ended. */
  ended?: 'synced' | 'gone';
  /**
   * On whose word it ended: the engine says which part of it spoke; `BY_HAND` where nobody said.
   */
  resolvedBy?: string;
}

/** On whose word a row ended where the message did not say. */
export const BY_HAND = 'by hand';

/**
 * Bytes of all children that a row lists; past these it says `all` too: Temporal ends a workflow
 * whose state is too large.
 */
const MAX_WAITING_BYTES = 400_000;
/** First and longest wait after a look that changed nothing, in milliseconds. */
const VAIN = { first: 60_000, longest: 86_400_000 } as const;
const MOST_DECISIONS = 20;
/** What is one byte a character as JSON. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** A row that continue-as-new carried. @throws Error for that of a newer release. */
export function rowOf(carried: RowState): RowState {
  if (carried.v !== 1) throw new Error(`Row version ${String(carried.v)} is not known to this release: run a newer worker.`);
  return carried;
}

/** A row as it begins, before its first message. */
export function newRow(row: Pick<RowState, 'process' | 'entityType' | 'id'>, at: Instant): RowState {
  return { v: 1, ...row, state: 'releasing', attempts: 0, firstFailedAt: at, retryAt: at, waiting: [], decisions: [] };
}

/**
 * The row after a message. Old news changes nothing: an old success never closes a newer failure,
 * nor does a failure told twice count twice.
 */
export function reduceRow(row: RowState, message: RowMessage): RowState {
  switch (message.kind) {
    case 'failed':
      return failed(row, message);
    case 'synced': {
      const left = withoutReleased(row, message.released);
      if (row.failure && message.stamp < row.failure.stamp) return message.looked ? inVain(left, message.at) : left;
      return settled({ ...left, inStep: newest(row.inStep, message) }, 'synced', message);
    }
    case 'gone': {
      const left = withoutReleased(row, message.released);
      if (row.failure && row.lastFailedAt !== undefined && message.at < row.lastFailedAt) return left;
      return settled(left, 'gone', message);
    }
    case 'waiting':
      return { ...reopened(row), waiting: withWaiting(row.waiting, message.children) };
    case 'retry':
      return decided({ ...notVain(row), state: row.failure ? 'failing' : 'releasing', attempts: 0, retryAt: message.at }, message);
    case 'ignore': {
      const { retryAt: _retryAt, ...rest } = row;
      return decided({ ...rest, state: 'ignored' }, message);
    }
  }
}

function failed(row: RowState, message: FailedMessage): RowState {
  const { version, stamp, digest, error, at, retryAt, link, waits } = message;
  const known = row.failure;
  if ((known && stamp < known.stamp) || (row.inStep && stamp < row.inStep.stamp)) return message.looked ? inVain(row, at) : row;
  const sameVersion = known !== undefined && known.version === version;
  // Put aside until a newer version, whatever the definition.
  if (sameVersion && row.state === 'ignored') return row;
  const sameTry = sameVersion && known.digest === digest;
  const isOld = waits ? row.lastFailedAt !== undefined && at <= row.lastFailedAt : message.attempt <= row.attempts;
  if (sameTry && isOld) return message.looked ? inVain(row, at) : row;
  // Begun before a person asked for more: what was asked for still comes, at once.
  if (sameTry && row.attempts === 0 && message.attempt > 1)
    return { ...reopened(row), failure: { version, stamp, digest, error }, lastFailedAt: at };
  const { retryAt: _retryAt, ...rest } = reopened(notVain(row));
  return {
    ...rest,
    state: message.ignore ? 'ignored' : 'failing',
    failure: { version, stamp, digest, error },
    attempts: (sameTry ? row.attempts : 0) + (waits ? 0 : 1),
    lastFailedAt: at,
    ...(retryAt !== undefined && !message.ignore ? { retryAt } : {}),
    ...(link !== undefined ? { link } : {}),
  };
}

/**
 * The record itself needs nothing more: the row ends unless children still wait, who are then due
 * at once.
 */
function settled(row: RowState, how: 'synced' | 'gone', { at, by }: { at: Instant; by?: string }): RowState {
  const { failure: _failure, ...rest } = notVain(row);
  const done = row.waiting !== 'all' && row.waiting.length === 0;
  return { ...rest, state: 'releasing', retryAt: at, ...(done ? { ended: how, resolvedBy: by || BY_HAND } : {}) };
}

/**
 * A look that changed nothing: the next one comes later each time, else a row that is due stays so
 * and is looked at without rest.
 */
function inVain(row: RowState, at: Instant): RowState {
  if (row.retryAt === undefined || row.retryAt > at || row.state === 'ignored') return row;
  const vain = (row.vain ?? 0) + 1;
  const wait = Math.min(VAIN.first * 2 ** Math.min(vain - 1, 20), VAIN.longest);
  return { ...row, vain, retryAt: new Date(Date.parse(at) + wait).toISOString() };
}

function notVain(row: RowState): RowState {
  const { vain: _vain, ...rest } = row;
  return rest;
}

/** News may arrive together with what ended the row. */
function reopened(row: RowState): RowState {
  const { ended: _ended, resolvedBy: _resolvedBy, ...open } = row;
  return open;
}

function newest(known: RowState['inStep'], { version, stamp }: SyncedMessage): NonNullable<RowState['inStep']> {
  return known && known.stamp > stamp ? known : { version, stamp };
}

/**
 * What was released is named as it was listed here: a child that was listed anew since, in another
 * version, waits on.
 */
function withoutReleased(row: RowState, released: WaitingChild[] | 'all' | undefined): RowState {
  if (released === undefined) return row;
  if (released === 'all') return { ...row, waiting: [] };
  if (row.waiting === 'all') return row;
  const done = new Set(released.map((child) => `${keyOf(child)} ${child.version}`));
  return { ...row, waiting: row.waiting.filter((child) => !done.has(`${keyOf(child)} ${child.version}`)) };
}

function withWaiting(waiting: RowState['waiting'], children: WaitingChild[]): RowState['waiting'] {
  if (waiting === 'all') return waiting;
  const all = new Map([...waiting, ...children].map((child) => [keyOf(child), child]));
  const listed = [...all.values()];
  return listed.length > MAX_WAITING || listed.reduce((sum, child) => sum + mostBytes(child), 0) > MAX_WAITING_BYTES ? 'all' : listed;
}

/** At most so many bytes as JSON, told without making it: a row may be told of thousands. */
function mostBytes({ entityType, id, version }: WaitingChild): number {
  const text = entityType.length + id.length + version.length;
  return 50 + (PLAIN.test(id) && PLAIN.test(version) ? text : 6 * text);
}

function decided(row: RowState, { kind, at, by, reason }: Extract<RowMessage, { kind: 'retry' | 'ignore' }>): RowState {
  const decision: Decision = { what: kind, at, ...(by !== undefined ? { by } : {}), ...(reason !== undefined ? { reason } : {}) };
  return { ...row, decisions: [...row.decisions, decision].slice(-MOST_DECISIONS) };
}
