import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
  isCancellation,
  makeContinueAsNewFunc,
  proxyActivities,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { Bookmark } from '../src/connectors/connector.js';
import type { Failing } from '../src/model/failing.js';
import { notBeyond } from '../src/model/believed.js';
import type { Stop, SyncResult } from '../src/sync/results.js';
import { activityStop } from './activity-stop.js';
import { checkChildInput } from './check-input.js';
import type { Activities, EntitySyncInput, EntitySyncResult } from './contracts.js';
import { addFindings, addSheets, noSheet } from './sheets.js';
import { marked } from '../src/model/markdown.js';

/**
 * Runs one entity type from its bookmark to the horizon, one activity after another. Failure comes back as data; it throws only for a bug.
 * Its memo has its progress after each activity.
 */
export async function entitySync(input: EntitySyncInput): Promise<EntitySyncResult> {
  checkChildInput(input);
  let progress = {
    v: 1 as const,
    bookmark: input.bookmark,
    sheet: input.sheet ?? noSheet,
    findings: input.findings ?? {},
    ...withState(input.failing, undefined),
  };
  let after = input.after;
  let { failing, trial } = input;
  for (;;) {
    const result = await syncSome({ ...without(input), after, ...withState(failing, trial) });
    if (result === 'cancelled') return { ...progress, done: false, cancelled: true };
    const moved = result.done || result.sheet.read > 0 || !samePlace(result.bookmark, after);
    if (moved && result.bookmark) after = result.bookmark;
    failing = result.failing ?? failing;
    if (!result.stopped) trial = undefined;
    progress = {
      v: 1,
      bookmark:
        moved && result.bookmark
          ? notBeyond({ ...result.bookmark, systems: input.systems }, input.believed, progress.bookmark)
          : progress.bookmark,
      sheet: addSheets(progress.sheet, result.sheet),
      findings: addFindings(progress.findings, result.findings),
      ...(failing ? { failing } : {}),
    };
    if (progress.bookmark) upsertMemo({ bookmarks: { [input.entityType]: progress.bookmark } });
    if (result.done || result.stopped || result.cancelled) return { ...progress, done: result.done, ...ending(result) };
    if (workflowInfo().continueAsNewSuggested && !CancellationScope.current().consideredCancelled)
      await carryOn({
        ...without(input),
        ...withState(failing, trial),
        bookmark: progress.bookmark,
        after,
        sheet: progress.sheet,
        findings: progress.findings,
      });
  }
}

function withState(failing: Failing | undefined, trial: Stop | undefined): Pick<EntitySyncInput, 'failing' | 'trial'> {
  return { ...(failing ? { failing } : {}), ...(trial ? { trial } : {}) };
}

/** The input but for what changes as it goes. */
function without({ trial: _trial, failing: _failing, ...rest }: EntitySyncInput): EntitySyncInput {
  return rest;
}

function ending(result: SyncResult): Pick<EntitySyncResult, 'stopped' | 'cancelled'> {
  return { ...(result.stopped ? { stopped: result.stopped } : {}), ...(result.cancelled ? { cancelled: true } : {}) };
}

function samePlace(a: Bookmark | null, b: Bookmark | null): boolean {
  return a?.at === b?.at && a?.inside?.page === b?.inside?.page;
}

/** One activity of about a minute. Temporal's own retry is for crashes alone: everything else comes back as data. */
async function syncSome(input: EntitySyncInput): Promise<SyncResult | 'cancelled'> {
  const { syncChanges } = proxyActivities<Activities>({
    startToCloseTimeout: input.timing.activityTimeout,
    heartbeatTimeout: input.timing.heartbeatTimeout,
    // Said outright: what is in flight must be over, and its result known, before the process rests.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: input.timing.retryInterval, backoffCoefficient: 1 },
  });
  const { process, entityType, digest, after, until, passed, openUpTo, failing, trial } = input;
  try {
    const summary = marked`${entityType} after ${after?.at ?? 'the beginning'}`.text;
    return await syncChanges.executeWithOptions({ summary }, [
      {
        v: 1,
        process,
        entityType,
        digest,
        after,
        until,
        ...(passed ? { passed } : {}),
        ...(openUpTo !== undefined ? { openUpTo } : {}),
        ...withState(failing, trial),
      },
    ]);
  } catch (error) {
    if (isCancellation(error)) return 'cancelled';
    if (error instanceof ActivityFailure) return failed(input, error);
    throw error;
  }
}

function failed(input: EntitySyncInput, error: ActivityFailure): SyncResult {
  return {
    bookmark: input.after,
    sheet: noSheet,
    findings: {},
    done: false,
    stopped: activityStop(error, `Syncing ${input.entityType}`, 'the next cycle'),
  };
}

async function carryOn(input: EntitySyncInput): Promise<never> {
  const memo = input.bookmark ? { bookmarks: { [input.entityType]: input.bookmark } } : {};
  return makeContinueAsNewFunc<typeof entitySync>({ memo })(input);
}
