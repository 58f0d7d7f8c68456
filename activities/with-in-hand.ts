import { setTimeout as pause } from 'node:timers/promises';
import { Context as ActivityContext } from '@temporalio/activity';
import { Cancelled } from '../src/errors/system-failure.js';
import { InHand, type InHandState } from '../src/sync/in-hand.js';
import type { Doing } from '../workflows/contracts.js';
import { handedOver } from './handed-over.js';
import { HEARTBEAT_SENT, withHeartbeat } from './heartbeat.js';
import type { Slots } from './slots.js';
import type { WorkContext } from './work-context.js';

/** How work ended that was cancelled before it had a result of its own: with what is done. */
type Broken<P> = P & { done: false; cancelled: true };

/**
 * Runs what writes, once it has a slot, while a ticker heartbeats its `progress`, what it has in
 * hand and what it waits for, so that a retry finds the record that kills its worker, and people
 * what keeps it. Where the worker goes down it is handed over.
 */
export async function withInHand<P extends object, T extends { cancelled?: true }>(
  progress: () => P,
  { c, slots }: { c: WorkContext; slots: Slots },
  work: (inHand: InHand) => Promise<T>,
): Promise<T | Broken<P>> {
  const activity = ActivityContext.current();
  const { info } = activity;
  const beat = info.heartbeatDetails as { inHand?: InHandState } | undefined;
  const inHand = new InHand(beat?.inHand, () => pause(HEARTBEAT_SENT), info.attempt > 1);
  const doing = doingOf(inHand, c);
  const result = await withHeartbeat(
    () => ({ v: 1, ...progress(), ...(inHand.state ? { inHand: inHand.state } : {}), doing: doing() }),
    () =>
      slots
        .run(c, () => work(inHand))
        .catch((error: unknown) => {
          if (error instanceof Cancelled) return { ...progress(), done: false as const, cancelled: true as const };
          throw error;
        })
        .finally(() => {
          // It ends by itself, be it by an error: no worker died of what is in hand.
          inHand.state = undefined;
        }),
  );
  if (result.cancelled && activity.cancellationDetails?.workerShutdown) throw handedOver();
  return result;
}

/** What keeps it, whenever that is asked for. */
function doingOf(inHand: InHand, { http }: WorkContext): () => Doing {
  let place: string | undefined;
  let began = performance.now();
  return () => {
    if (inHand.state?.place !== place) [place, began] = [inHand.state?.place, performance.now()];
    const { longest } = http;
    return {
      ...(longest ? { waits: longest } : {}),
      ...(place !== undefined ? { pageMs: Math.round(performance.now() - began) } : {}),
    };
  };
}
