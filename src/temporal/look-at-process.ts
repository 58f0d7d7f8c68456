import type { Client } from '@temporalio/client';
import { TASK_QUEUE } from '../../workflows/ids.js';
import { syncStateKey } from '../../workflows/search-attributes.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { askStatus } from './ask.js';
import { describeWorkflow } from './executions.js';

/**
 * Whether a process runs and rests, or was told to rest and only finishes what is in flight; and the task queue of its workers. The latter is known to the process
 * alone: where no worker answers for it, what its search attribute shows counts.
 */
export async function lookAtProcess(client: Client, process: string): Promise<{ paused: boolean; taskQueue: string }> {
  const { runs, rests, taskQueue } = await described(client, process);
  return { paused: runs && (rests || isPausing(await askStatus<ProcessStatus>(client, process))), taskQueue };
}

/** Whether an error process that begins rests with its regular process: where that is paused, unless it is so alone. */
export async function restsWithProcess(client: Client, process: string): Promise<boolean> {
  const { runs, rests } = await described(client, process);
  if (!runs) return false;
  const status = await askStatus<ProcessStatus>(client, process);
  return (rests || isPausing(status)) && (typeof status !== 'object' || status.only !== true);
}

async function described(client: Client, process: string): Promise<{ runs: boolean; rests: boolean; taskQueue: string }> {
  const found = await describeWorkflow(client, process);
  if (!found) return { runs: false, rests: false, taskQueue: TASK_QUEUE };
  const { status, taskQueue, typedSearchAttributes } = found;
  return { runs: status.name === 'RUNNING', rests: typedSearchAttributes.get(syncStateKey) === 'paused', taskQueue };
}

function isPausing(status: ProcessStatus | string): boolean {
  return typeof status === 'object' && (status.state === 'paused' || status.pausing === true);
}
