import { Context as ActivityContext } from '@temporalio/activity';
import { setTimeout as pause } from 'node:timers/promises';
import { InHand } from '../src/sync/in-hand.js';
import { syncChanges as carryChanges } from '../src/sync/sync-changes.js';
import type { Progress, SyncResult } from '../src/model/progress.js';
import { progressSchema } from '../src/model/schemas.js';
import { emptySheet } from '../src/model/sheet.js';
import type { SyncChangesInput, SyncHeartbeat } from '../workflows/contracts.js';
import { definitionChanged } from './definition-changed.js';
import type { ActivityDependencies } from './dependencies.js';
import { handedOver } from './handed-over.js';
import { HEARTBEAT_SENT, withHeartbeat } from './heart.js';
import { openRows } from './open-rows.js';
import { getOwn } from '../src/model/keyed.js';

/**
 * Carries changes page after page for about a minute. A retry starts where the lost attempt's last heartbeat says. A system's failure comes
 * back as data; cancelled, it returns what is done once nothing is in flight.
 */
export async function syncChanges(input: SyncChangesInput, dependencies: ActivityDependencies): Promise<SyncResult> {
  const activity = ActivityContext.current();
  const beat = activity.info.heartbeatDetails as SyncHeartbeat | undefined;
  const start = startOf(input, beat);
  const found = await dependencies.integrations.find(input.process);
  if ('missing' in found) return { ...start, done: false, stopped: definitionChanged(found) };
  const { active } = found;
  const parts = getOwn(active.parts, input.entityType);
  if (active.process.digest !== input.digest || !parts) return { ...start, done: false, stopped: definitionChanged(found) };
  const { log, http, now, softLimit } = dependencies;
  const pageSize = getOwn(active.definition.systems, parts.definition.from.system)?.pageSize ?? 200;
  const begin = now();
  let latest: Progress = start;
  const inHand = new InHand(beat?.inHand, () => pause(HEARTBEAT_SENT), activity.info.attempt > 1);
  const heartbeat = (): SyncHeartbeat => ({ v: 1, ...latest, ...(inHand.state ? { inHand: inHand.state } : {}) });
  const result = await withHeartbeat(heartbeat, async () => {
    return carryChanges(
      parts,
      {
        after: start.bookmark,
        until: input.until,
        limit: pageSize,
        shouldYield: () => now() - begin >= softLimit,
        onProgress: (progress) => {
          latest = progress;
        },
        progress: start,
        rows: await openRows(active, dependencies),
        inHand,
        ...(input.passed ? { passed: input.passed } : {}),
        ...(input.openUpTo !== undefined ? { openUpTo: input.openUpTo } : {}),
        // A later attempt has had its trial.
        ...(input.trial && activity.info.heartbeatDetails === undefined ? { trial: input.trial } : {}),
      },
      { signal: activity.cancellationSignal, http, log },
    ).finally(() => {
      // It ends by itself, be it by an error: no worker died of what is in hand.
      inHand.state = undefined;
    });
  });
  if (result.cancelled && activity.cancellationDetails?.workerShutdown) throw handedOver();
  return result;
}

function startOf({ after, failing }: SyncChangesInput, beat: SyncHeartbeat | undefined): Progress {
  const told = beat?.v === 1 ? progressSchema.safeParse(beat).data : undefined;
  return told ?? { bookmark: after, sheet: emptySheet, findings: {}, ...(failing ? { failing } : {}) };
}
