import {
  ActivityFailure,
  CancellationScope,
  isCancellation,
  makeContinueAsNewFunc,
  patched,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { Stop } from '../src/sync/results.js';
import { activityStop } from './activity-stop.js';
import { checkChildInput } from './check-input.js';
import type { DueRow, EntityRetryInput, EntityRetryResult, RetryResult } from './contracts.js';
import { retryActivities } from './errors/retry-activities.js';
import { noRetries } from './errors/state.js';
import { addSheets } from './sheets.js';
import { marked } from '../src/model/markdown.js';

/** Rows whose ids stand in history at once: the batch in hand. */
const BATCH = 200;

/**
 * Tries the due errored records of one entity type again, oldest first, batch after batch. The batch in hand is in its history, so that what a lost worker
 * had begun is finished before anything else. Failure comes back as data.
 */
export async function entityRetry(input: EntityRetryInput): Promise<EntityRetryResult> {
  checkChildInput(input);
  let sheet = input.sheet ?? noRetries;
  let after = input.after;
  let { stopped, failing } = input;
  const soFar = () => ({ v: 1 as const, sheet, ...(after ? { after } : {}), ...(failing ? { failing } : {}) });
  for (;;) {
    const due = await listDue(input, after);
    if (due === 'cancelled') return { ...soFar(), done: false, cancelled: true };
    if ('stopped' in due) return { ...soFar(), done: false, stopped: due.stopped };
    if (due.rows.length === 0) return { ...soFar(), done: true, ...(stopped ? { stopped } : {}) };
    const result = await retry({ ...input, ...(failing ? { failing } : {}) }, due.rows);
    if (result === 'cancelled' || ['Defect', 'TooLarge'].includes(result.stopped?.code ?? '')) await haveLookedAt(input, due.rows);
    if (result === 'cancelled') return { ...soFar(), done: false, cancelled: true };
    sheet = addSheets(sheet, result.sheet);
    failing = result.failing ?? failing;
    after = due.rows[result.done - 1] ?? after;
    upsertMemo({ after: after ?? {} });
    // Children of some are left on their rows; the others are tried all the same.
    if (result.stopped?.code === 'TooManyErrors') stopped = result.stopped;
    else if (result.stopped) return { ...soFar(), done: false, stopped: result.stopped };
    if (result.cancelled) return { ...soFar(), done: false, cancelled: true };
    if (workflowInfo().continueAsNewSuggested && !CancellationScope.current().consideredCancelled)
      await makeContinueAsNewFunc<typeof entityRetry>({ memo: { after: after ?? {} } })({
        ...input,
        ...soFar(),
        ...(stopped ? { stopped } : {}),
      });
  }
}

async function listDue(input: EntityRetryInput, after: DueRow | undefined): Promise<{ rows: DueRow[] } | { stopped: Stop } | 'cancelled'> {
  const { process, entityType, digest, until } = input;
  return caught(input, () =>
    retryActivities(input.timing).dueRows.executeWithOptions({ summary: marked`${entityType}: which are due?`.text }, [
      { v: 1, process, entityType, digest, until, limit: BATCH, ...(after ? { after } : {}) },
    ]),
  );
}

async function retry(input: EntityRetryInput, rows: DueRow[]): Promise<RetryResult | 'cancelled'> {
  const { process, entityType, digest, failing, openUpTo } = input;
  const told = { ...(failing ? { failing } : {}), ...(openUpTo !== undefined ? { openUpTo } : {}) };
  const result = await caught(input, () =>
    retryActivities(input.timing).retryErrored.executeWithOptions({ summary: marked`${entityType}: trying ${rows.length} again`.text }, [
      { v: 1, process, entityType, digest, rows, ...told },
    ]),
  );
  return result === 'cancelled' || 'sheet' in result ? result : { sheet: noRetries, done: 0, stopped: result.stopped };
}

/**
 * The activity ended without a word of its own, so its last worker may have been lost with a batch in hand: an older state may have been written over what the regular process
 * wrote meanwhile, and the row be closed.
 */
async function haveLookedAt(input: EntityRetryInput, rows: DueRow[]): Promise<void> {
  if (!patched('lost-batch-is-looked-at')) return;
  const { process, entityType } = input;
  const summary = marked`${entityType}: ${rows.length} are to be looked at again`.text;
  await CancellationScope.nonCancellable(() =>
    retryActivities(input.timing).lookAgain.executeWithOptions({ summary }, [{ v: 1, process, entityType, rows }]),
  );
}

/** Temporal's own retry is for crashes alone: everything else comes back as data. */
async function caught<T>(input: EntityRetryInput, work: () => Promise<T>): Promise<T | { stopped: Stop } | 'cancelled'> {
  try {
    return await work();
  } catch (error) {
    if (isCancellation(error)) return 'cancelled';
    if (!(error instanceof ActivityFailure)) throw error;
    return { stopped: activityStop(error, `Retrying ${input.entityType}`, 'the next pass') };
  }
}
