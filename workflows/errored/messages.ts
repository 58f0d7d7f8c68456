import { defineQuery, defineSignal } from '@temporalio/workflow';
import { clean } from '../../src/model/clean.js';
import { parseInstant } from '../../src/model/instant.js';
import { whyUndecodable } from '../undecodable.js';
import type { RowMessage } from './row.js';
import type { RowStatus } from './status.js';
import { getOwn } from '../../src/model/keyed.js';
import type { WaitingChild } from '../../src/model/waiting-child.js';

export const failedSignal = defineSignal<[unknown]>('failed');
export const syncedSignal = defineSignal<[unknown]>('synced');
export const goneSignal = defineSignal<[unknown]>('gone');
export const waitingSignal = defineSignal<[unknown]>('waiting');
export const retrySignal = defineSignal<[unknown]>('retry');
export const ignoreSignal = defineSignal<[unknown]>('ignore');
export const rowStatusQuery = defineQuery<RowStatus>('status');

const MOST_TEXT = 500;

export function isRowMessage(name: string): name is RowMessage['kind'] {
  return ['failed', 'synced', 'gone', 'waiting', 'retry', 'ignore'].includes(name);
}

type Parsed = RowMessage | { refused: string };

/**
 * A message as it arrived, or why it is refused. What the engine sends is checked for its shape
 * too: a row outlives the release that opened it.
 */
export function parseRowMessage(kind: RowMessage['kind'], payload: unknown, now: string): Parsed {
  const why = whyUndecodable(kind, payload);
  if (why !== undefined) return { refused: why };
  if (kind === 'retry' || kind === 'ignore') return parseDecision(kind, payload, now);
  const message = record(payload);
  if (!message || !hasShape(kind, message)) return { refused: `${kind}: the payload is not of the shape the engine sends` };
  return { ...message, kind } as RowMessage;
}

function parseDecision(kind: 'retry' | 'ignore', payload: unknown, at: string): Parsed {
  const given = payload === undefined || payload === null ? {} : record(payload);
  if (!given) return { refused: `${kind} takes {"by"?, "reason"${kind === 'retry' ? '?' : ''}}` };
  const { by, reason, ...rest } = given;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) return { refused: `${kind} knows no "${clean(unknown, 40)}": it takes by and reason` };
  if ((by !== undefined && typeof by !== 'string') || (reason !== undefined && typeof reason !== 'string'))
    return { refused: `${kind}: "by" and "reason" must be text` };
  const who = by !== undefined ? { by: clean(by, MOST_TEXT) } : {};
  if (kind === 'retry') return { kind, at, ...who, ...(reason !== undefined ? { reason: clean(reason, MOST_TEXT) } : {}) };
  if (reason === undefined || clean(reason, MOST_TEXT) === '') return { refused: 'ignore needs a reason: {"reason": "…", "by"?: "…"}' };
  return { kind, at, ...who, reason: clean(reason, MOST_TEXT) };
}

function hasShape(kind: RowMessage['kind'], message: Record<string, unknown>): boolean {
  if (!isInstant(message['at'])) return false;
  const { released } = message;
  if (released !== undefined && released !== 'all' && !isWaitingList(released)) return false;
  switch (kind) {
    case 'failed':
      return (
        isState(message) &&
        typeof message['digest'] === 'string' &&
        isCount(message['attempt']) &&
        isError(message['error']) &&
        isTold(message)
      );
    case 'synced':
      return isState(message);
    case 'waiting':
      return isWaitingList(message['children']);
    default:
      return true;
  }
}

function isState({ version, stamp, retryAt }: Record<string, unknown>): boolean {
  return typeof version === 'string' && isInstant(stamp) && (retryAt === undefined || isInstant(retryAt));
}

/** What a failure may be told with. */
function isTold({ ignore, waits, link }: Record<string, unknown>): boolean {
  return [ignore, waits].every((each) => each === undefined || each === true) && isText(link);
}

function isError(value: unknown): boolean {
  const error = record(value);
  if (!error || !['errorType', 'then', 'code', 'message', 'remedy'].every((name) => typeof getOwn(error, name) === 'string')) return false;
  const kept = error['kept'] === undefined ? {} : record(error['kept']);
  return (
    isText(error['path']) &&
    isText(error['expression']) &&
    kept !== undefined &&
    Object.values(kept).every((each) => typeof each === 'string')
  );
}

/** Text, or nothing. */
function isText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isWaitingList(value: unknown): value is WaitingChild[] {
  return (
    Array.isArray(value) &&
    value.every((each) =>
      ['entityType', 'id', 'version'].every((name) => typeof getOwn(each as Record<string, unknown> | null, name) === 'string'),
    )
  );
}

function isInstant(value: unknown): boolean {
  return value !== undefined && parseInstant(value) === value;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1;
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}
