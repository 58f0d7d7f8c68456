import { setTimeout as pause } from 'node:timers/promises';
import { Context as ActivityContext } from '@temporalio/activity';
import type { RetryProgress, RetryResult } from '../src/model/progress.js';
import { getOwn } from '../src/model/keyed.js';
import { retryProgressSchema } from '../src/model/schemas.js';
import { emptyRetrySheet } from '../src/model/sheet.js';
import { InHand } from '../src/sync/in-hand.js';
import { retryRows } from '../src/sync/retry-rows.js';
import type { RetryErroredInput, RetryHeartbeat } from '../workflows/contracts.js';
import { definitionChanged } from './definition-changed.js';
import type { ActivityDependencies } from './dependencies.js';
import { handedOver } from './handed-over.js';
import { HEARTBEAT_SENT, withHeartbeat } from './heart.js';
import { lookAgain } from './look-again.js';
import { openRows } from './open-rows.js';

/**
 * Tries a batch of errored records again, some at a time. A retry of a lost attempt goes on behind those that its heartbeat says are done, and has those it leaves looked at
 * again, since they may have been begun. A system's failure comes back as data; cancelled, it returns what is done once nothing is in flight.
 */
export async function retryErrored(input: RetryErroredInput, dependencies: ActivityDependencies): Promise<RetryResult> {
  const activity = ActivityContext.current();
  const beat = activity.info.heartbeatDetails as RetryHeartbeat | undefined;
  const isRetry = activity.info.attempt > 1;
  const start = startOf(input, beat);
  const found = await dependencies.integrations.find(input.process);
  const parts = 'missing' in found ? undefined : getOwn(found.active.parts, input.entityType);
  if ('missing' in found || found.active.process.digest !== input.digest || !parts) return { ...start, stopped: definitionChanged(found) };
  const connector = getOwn(found.active.connectors, parts.definition.from.system);
  if (!connector) throw new Error(`System ${parts.definition.from.system} is not connected`);
  const { http, log, now } = dependencies;
  const inHand = new InHand(beat?.inHand, () => pause(HEARTBEAT_SENT), isRetry);
  let latest = start;
  const heartbeat = (): RetryHeartbeat => ({ v: 1, ...latest, ...(inHand.state ? { inHand: inHand.state } : {}) });
  const result = await withHeartbeat(heartbeat, async () => {
    const ended = await retryRows(
      input.rows.map(({ id }) => id),
      parts,
      {
        rows: await openRows(found.active, dependencies),
        expectHealthy: async (c) => void (await connector.horizon(c)),
        now: () => new Date(now()).toISOString(),
        progress: start,
        shouldYield: () => false,
        onProgress: (progress) => {
          latest = progress;
        },
        inHand,
        ...(input.openUpTo !== undefined ? { openUpTo: input.openUpTo } : {}),
      },
      { signal: activity.cancellationSignal, http, log },
    ).finally(() => {
      // It ends by itself, be it by an error: no worker died of what is in hand.
      inHand.state = undefined;
    });
    const left = input.rows.slice(ended.done);
    if (left.length > 0 && isRetry) await lookAgain({ ...input, rows: left }, dependencies);
    return ended;
  });
  if (result.cancelled && activity.cancellationDetails?.workerShutdown) throw handedOver();
  return result;
}

function startOf({ failing }: RetryErroredInput, beat: RetryHeartbeat | undefined): RetryProgress {
  const told = beat?.v === 1 ? retryProgressSchema.safeParse(beat).data : undefined;
  return told ?? { sheet: emptyRetrySheet, done: 0, ...(failing ? { failing } : {}) };
}
