import type { Client } from '@temporalio/client';
import { errorsId } from '../../../workflows/ids.js';
import type { ErrorsStatus } from '../../../workflows/errors/status.js';
import { describeWorkflow } from '../executions.js';
import { askStatus } from '../ask.js';

/** What the error process of a process says; `silent` where it runs and no worker answers for it. */
export async function readErrorsStatus(client: Client, process: string): Promise<ErrorsStatus | 'missing' | 'silent'> {
  const handle = client.workflow.getHandle(errorsId(process));
  const described = await describeWorkflow(client, handle.workflowId);
  if (described?.status.name !== 'RUNNING') return 'missing';
  return askStatus<ErrorsStatus>(client, errorsId(process));
}

/** Whether the namespace knows a workflow of this id, open or closed. */
export async function isKnown(client: Client, workflowId: string): Promise<boolean> {
  return (await describeWorkflow(client, workflowId)) !== undefined;
}
