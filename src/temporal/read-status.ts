import { defaultPayloadConverter } from '@temporalio/common';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { SyncHeartbeat } from '../../workflows/contracts.js';
import type { ErrorsStatus } from '../../workflows/errors/status.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { isProcessId } from '../../workflows/ids.js';
import { listWorkflows } from './executions.js';
import { readErrorsStatus } from './errors/read-errors-status.js';

/** A process' own status and, of the child that runs, what only its heartbeat knows. */
export interface LiveStatus extends ProcessStatus {
  live?: SyncHeartbeat;
  /** How often Temporal has tried the running activity: more than 1 after a worker was lost. */
  attempt?: number;
  /** What its error process says; absent where it does not run, or no worker answers. */
  errors?: ErrorsStatus;
}

/** Ids of the processes that run in this namespace. */
export async function listProcesses(client: Client): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of listWorkflows(client, `WorkflowType = 'integrationProcess' AND ExecutionStatus = 'Running'`))
    if (isProcessId(workflowId)) ids.push(workflowId);
  return ids.sort();
}

/** @throws Error in words where the process is not known, or no worker answers. */
export async function readStatus(client: Client, process: string): Promise<LiveStatus> {
  try {
    const status = await client.workflow.getHandle(process).query<ProcessStatus>('status');
    const errors = await readErrorsStatus(client, process);
    return {
      ...status,
      ...(status.child !== undefined ? await heartbeatOf(client, status.child) : {}),
      ...(typeof errors === 'object' ? { errors } : {}),
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new Error(`No process "${process}" runs in this namespace.`, { cause: error });
    throw error;
  }
}

async function heartbeatOf(client: Client, child: string): Promise<{ live?: SyncHeartbeat; attempt?: number }> {
  const described = await client.workflow
    .getHandle(child)
    .describe()
    .catch(() => undefined);
  const activity = described?.raw.pendingActivities?.[0];
  const payload = activity?.heartbeatDetails?.payloads?.[0];
  return {
    ...(payload ? { live: defaultPayloadConverter.fromPayload<SyncHeartbeat>(payload) } : {}),
    ...(activity?.attempt !== undefined && activity.attempt !== null ? { attempt: activity.attempt } : {}),
  };
}
