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
  const described = await describeWorkflow(client, process);
  if (!described) return { paused: false, taskQueue: TASK_QUEUE };
  const { status, taskQueue, typedSearchAttributes } = described;
  const rests = typedSearchAttributes.get(syncStateKey) === 'paused';
  return { paused: status.name === 'RUNNING' && (rests || (await isPausing(client, process))), taskQueue };
}

/** Whether an error process that begins rests with its regular process: where that is paused, unless it is so alone. */
export async function restsWithProcess(client: Client, process: string): Promise<boolean> {
  if (!(await lookAtProcess(client, process)).paused) return false;
  const status = await askStatus<ProcessStatus>(client, process);
  return typeof status !== 'object' || status.only !== true;
}

async function isPausing(client: Client, process: string): Promise<boolean> {
  const status = await askStatus<ProcessStatus>(client, process);
  return typeof status === 'object' && (status.state === 'paused' || status.pausing === true);
}
