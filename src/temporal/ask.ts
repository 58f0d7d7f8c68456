import { isGrpcServiceError, ServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';

/**
 * How long a worker has to answer: without one Temporal holds a query far longer than anyone waits.
 */
const PATIENCE = 6_000;

/** gRPC's statuses that say nothing of workers: no permission, no connection, no sign-in. */
const OTHERWISE: ReadonlySet<number> = new Set([7, 14, 16]);

/**
 * What a workflow answers to its query `status`; `missing` where there is no such workflow,
 * `silent` where no worker answers for it in time. @throws ServiceError where Temporal does not let
 * it be asked.
 */
export async function askStatus<T>(client: Client, workflowId: string): Promise<T | 'missing' | 'silent'> {
  try {
    return await client.withDeadline(Date.now() + PATIENCE, () => client.workflow.getHandle(workflowId).query<T>('status'));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'missing';
    const cause: unknown = error instanceof ServiceError ? error.cause : error;
    if (isGrpcServiceError(cause) && OTHERWISE.has(cause.code)) throw error;
    return 'silent';
  }
}
