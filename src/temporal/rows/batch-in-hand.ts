import type { Client, WorkflowHandle } from '@temporalio/client';
import { decodeFromPayloadsAtIndex } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import { retryId } from '../../../workflows/ids.js';
import { isNotFound } from '../executions.js';
import type { DueRow, RetryErroredInput } from '../../../workflows/contracts.js';

/** The rows that the last `entityRetry` of an entity type had in hand when it ended without a word, by its history; none where it was between two batches, or its history is no more. */
export async function batchInHand(client: Client, process: string, entityType: string): Promise<DueRow[]> {
  const events = await eventsOf(client.workflow.getHandle(retryId(process, entityType)));
  const scheduled = events.filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'retryErrored');
  const last = scheduled.at(-1);
  if (!last) return [];
  const isDone = events.some(
    ({ activityTaskCompletedEventAttributes: completed }) => String(completed?.scheduledEventId) === String(last.eventId),
  );
  if (isDone) return [];
  const payloads = last.activityTaskScheduledEventAttributes?.input?.payloads;
  const input = await decodeFromPayloadsAtIndex<RetryErroredInput>(client.options.loadedDataConverter, 0, payloads);
  return input.rows;
}

/** None of one that was deleted: to ask again and again for what nobody has would keep the error process for ever. */
async function eventsOf(handle: WorkflowHandle) {
  try {
    return (await handle.fetchHistory()).events ?? [];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
