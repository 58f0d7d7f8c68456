import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { TASK_QUEUE } from '../../workflows/ids.js';
import { syncStateKey } from '../../workflows/search-attributes.js';
import type { ProcessStatus } from '../../workflows/status.js';

/**
 * Whether a process runs and rests, or was told to rest and only finishes what is in flight; and the task queue of its workers. The latter is known to the process
 * alone: where no worker answers for it, what its search attribute shows counts.
 */
export async function lookAtProcess(client: Client, process: string): Promise<{ paused: boolean; taskQueue: string }> {
  const handle = client.workflow.getHandle(process);
  try {
    const { status, taskQueue, typedSearchAttributes } = await handle.describe();
    const rests = typedSearchAttributes.get(syncStateKey) === 'paused';
    return { paused: status.name === 'RUNNING' && (rests || (await isPausing(client, handle))), taskQueue };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { paused: false, taskQueue: TASK_QUEUE };
    throw error;
  }
}

async function isPausing(client: Client, handle: WorkflowHandle): Promise<boolean> {
  return client
    .withDeadline(Date.now() + 10_000, () => handle.query<ProcessStatus>('status'))
    .then(
      ({ state, pausing }) => state === 'paused' || pausing === true,
      () => false,
    );
}
