import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { errorsId } from '../../../workflows/ids.js';
import type { ErrorsStatus } from '../../../workflows/errors/status.js';
import { askStatus } from '../ask.js';

/** What the error process of a process says; `silent` where it runs and no worker answers for it. */
export async function readErrorsStatus(client: Client, process: string): Promise<ErrorsStatus | 'missing' | 'silent'> {
  const handle = client.workflow.getHandle(errorsId(process));
  const described = await handle.describe().catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  });
  if (described?.status.name !== 'RUNNING') return 'missing';
  return askStatus<ErrorsStatus>(client, errorsId(process));
}

/** Whether the namespace knows a workflow of this id, open or closed. */
export async function isKnown(client: Client, workflowId: string): Promise<boolean> {
  try {
    await client.workflow.getHandle(workflowId).describe();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
