import { ApplicationFailure, Context as ActivityContext } from '@temporalio/activity';
import { MemoryRows } from '../src/sync/memory-rows.js';
import { syncChanges as carryChanges } from '../src/sync/sync-changes.js';
import type { Progress, SyncResult } from '../src/sync/results.js';
import type { SyncChangesInput, SyncHeartbeat } from '../workflows/contracts.js';
import { noSheet } from '../workflows/sheets.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heart.js';

/**
 * Carries changes page after page for about a minute. A retry starts where the lost attempt's last heartbeat says. A system's failure comes
 * back as data; cancelled, it returns what is done once nothing is in flight.
 */
export async function syncChanges(input: SyncChangesInput, dependencies: ActivityDependencies): Promise<SyncResult> {
  const activity = ActivityContext.current();
  const start = startOf(input, activity.info.heartbeatDetails as SyncHeartbeat | undefined);
  const found = await dependencies.integrations.find(input.process);
  if ('missing' in found) return stoppedAt(start, found.missing, found.message);
  const { active } = found;
  const parts = active.parts[input.entityType];
  if (active.process.digest !== input.digest || !parts)
    return stoppedAt(start, 'DefinitionChanged', 'The definition changed while this cycle ran; the next cycle follows the new one.');
  const { log, http, now, softLimit } = dependencies;
  const pageSize = active.definition.systems[parts.definition.from.system]?.pageSize ?? 200;
  const begin = now();
  let latest: Progress = start;
  const heartbeat = (): SyncHeartbeat => ({ v: 1, bookmark: latest.bookmark, sheet: latest.sheet, findings: latest.findings });
  const result = await withHeartbeat(heartbeat, () =>
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
        rows: new MemoryRows(),
      },
      { signal: activity.cancellationSignal, http, log },
    ),
  );
  if (result.cancelled && activity.cancellationDetails?.workerShutdown) throw handedOver();
  return result;
}

function startOf(input: SyncChangesInput, beat: SyncHeartbeat | undefined): Progress {
  if (beat?.v !== 1) return { bookmark: input.after, sheet: noSheet, findings: {} };
  return { bookmark: beat.bookmark, sheet: beat.sheet, findings: beat.findings };
}

function stoppedAt(start: Progress, code: string, message: string): SyncResult {
  const remedy = code === 'DefinitionChanged' ? 'Nothing to do.' : 'Put a valid definition into the worker’s folder.';
  return { ...start, done: false, stopped: { code, message, remedy, needs: 'person' } };
}

/** The worker goes down with nothing in flight: another may take over at once, from the last heartbeat. */
function handedOver(): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'WorkerShutdown',
    message: 'The worker is shutting down; another goes on.',
    nextRetryDelay: '1 second',
  });
}
