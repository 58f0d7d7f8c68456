import { setTimeout as pause } from 'node:timers/promises';
import { Context as ActivityContext } from '@temporalio/activity';
import { InHand, type InHandState } from '../src/sync/in-hand.js';
import { handedOver } from './handed-over.js';
import { HEARTBEAT_SENT, withHeartbeat } from './heart.js';

/**
 * Runs what writes while a ticker heartbeats its `progress` and what it has in hand, so that a retry finds the record that kills its worker. Where the worker goes
 * down it is handed over.
 */
export async function withInHand<T extends { cancelled?: true }>(progress: () => object, work: (inHand: InHand) => Promise<T>): Promise<T> {
  const activity = ActivityContext.current();
  const { info } = activity;
  const beat = info.heartbeatDetails as { inHand?: InHandState } | undefined;
  const inHand = new InHand(beat?.inHand, () => pause(HEARTBEAT_SENT), info.attempt > 1);
  const result = await withHeartbeat(
    () => ({ v: 1, ...progress(), ...(inHand.state ? { inHand: inHand.state } : {}) }),
    () =>
      work(inHand).finally(() => {
        // It ends by itself, be it by an error: no worker died of what is in hand.
        inHand.state = undefined;
      }),
  );
  if (result.cancelled && activity.cancellationDetails?.workerShutdown) throw handedOver();
  return result;
}
