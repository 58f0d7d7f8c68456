import { Context } from '@temporalio/activity';

const TICK = 500;

/** Runs `work` while a ticker heartbeats what `details` says, so that cancellation arrives promptly and a lost worker's work is taken up. */
export async function withHeartbeat<T>(details: () => unknown, work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  context.heartbeat(details());
  const ticker = setInterval(() => context.heartbeat(details()), TICK);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
    context.heartbeat(details());
  }
}

/** The same for work that has nothing to resume from. */
export function alive<T>(work: () => Promise<T>): Promise<T> {
  return withHeartbeat(() => null, work);
}
