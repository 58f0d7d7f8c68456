import { WorkflowNotFoundError, type Client } from '@temporalio/client';

/** How long a worker has to answer: without one Temporal holds a query far longer than anyone waits. */
const PATIENCE = 6_000;

/** What a workflow answers to its query `status`; `missing` where there is no such workflow, `silent` where no worker answers for it in time. */
export async function askStatus<T>(client: Client, workflowId: string): Promise<T | 'missing' | 'silent'> {
  try {
    return await client.withDeadline(Date.now() + PATIENCE, () => client.workflow.getHandle(workflowId).query<T>('status'));
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? 'missing' : 'silent';
  }
}
