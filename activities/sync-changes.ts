import { Context as ActivityContext } from '@temporalio/activity';
import { syncChanges as carryChanges } from '../src/sync/sync-changes.js';
import type { Progress, SyncResult } from '../src/sync/results.js';
import type { SyncChangesInput, SyncHeartbeat } from '../workflows/contracts.js';
import { noSheet } from '../workflows/sheets.js';
import { definitionChanged } from './definition-changed.js';
import type { ActivityDependencies } from './dependencies.js';
import { handedOver } from './handed-over.js';
import { withHeartbeat } from './heart.js';
import { openRows } from './open-rows.js';
import { getOwn } from '../src/model/keyed.js';

/**
 * Carries changes page after page for about a minute. A retry starts where the lost attempt's last heartbeat says. A system's failure comes
 * back as data; cancelled, it returns what is done once nothing is in flight.
 */
export async function syncChanges(input: SyncChangesInput, dependencies: ActivityDependencies): Promise<SyncResult> {
  const activity = ActivityContext.current();
  const start = startOf(input, activity.info.heartbeatDetails as SyncHeartbeat | undefined);
  const found = await dependencies.integrations.find(input.process);
  if ('missing' in found) return { ...start, done: false, stopped: definitionChanged(found) };
  const { active } = found;
  const parts = getOwn(active.parts, input.entityType);
  if (active.process.digest !== input.digest || !parts) return { ...start, done: false, stopped: definitionChanged(found) };
  const { log, http, now, softLimit } = dependencies;
  const pageSize = getOwn(active.definition.systems, parts.definition.from.system)?.pageSize ?? 200;
  const begin = now();
  let latest: Progress = start;
  const heartbeat = (): SyncHeartbeat => ({ v: 1, ...latest });
  const result = await withHeartbeat(heartbeat, async () =>
    carryChanges(
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
        ...(input.passed ? { passed: input.passed } : {}),
        ...(input.openUpTo !== undefined ? { openUpTo: input.openUpTo } : {}),
        // A later attempt has had its trial.
        ...(input.trial && activity.info.heartbeatDetails === undefined ? { trial: input.trial } : {}),
      },
      { signal: activity.cancellationSignal, http, log },
    ),
  );
  if (result.cancelled && activity.cancellationDetails?.workerShutdown) throw handedOver();
  return result;
}

function startOf(input: SyncChangesInput, beat: SyncHeartbeat | undefined): Progress {
  if (beat?.v !== 1) return { bookmark: input.after, sheet: noSheet, findings: {}, ...(input.failing ? { failing: input.failing } : {}) };
  const { v: _v, ...progress } = beat;
  return progress;
}
