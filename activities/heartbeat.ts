import { Context } from '@temporalio/activity';
import { bytesOf } from '../src/model/clean.js';
import type { WorkContext } from './work-context.js';

const TICK = 500;

/**
 * Milliseconds after which what a heartbeat says has surely been sent: two ticks, and as long as a
 * worker holds one back.
 */
export const HEARTBEAT_SENT = 3 * TICK;

/** Bytes of what a heartbeat carries: it is sent twice a second. */
const MAX_DETAILS_BYTES = 200_000;

/**
 * Runs `work` while a ticker heartbeats what `details` says, so that cancellation arrives promptly
 * and a lost worker's work is taken up.
 */
export async function withHeartbeat<T>(details: () => unknown, work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  // A local activity is part of its workflow task, and lost with it.
  if (context.info.isLocal) return work();
  const beat = (): void => context.heartbeat(sendable(details()));
  beat();
  const ticker = setInterval(beat, TICK);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
    beat();
  }
}

/**
 * What is too large to be kept is not. Findings go first: a retry goes on all the same. Without
 * anything it begins where its input says, which costs time and loses nothing.
 */
function sendable(details: unknown): unknown {
  if (bytesOf(details) <= MAX_DETAILS_BYTES) return details;
  const less = typeof details === 'object' && details !== null && 'findings' in details ? { ...details, findings: {} } : null;
  return bytesOf(less) > MAX_DETAILS_BYTES ? null : less;
}

/** The same for work that has nothing to resume from. `c`: tells what it waits for. */
export function alive<T>(work: () => Promise<T>, c?: Pick<WorkContext, 'http'>): Promise<T> {
  return withHeartbeat(() => (c?.http.longest ? { doing: { waits: c.http.longest } } : null), work);
}
