import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { RowStatus } from '../../../workflows/errored/status.js';
import { describeWorkflow } from '../executions.js';

export interface NamedRecord {
  process: string;
  entityType: string;
  /** Whole, however long. */
  id: string;
}

const ROW = /^([a-z0-9-]+\/[a-z0-9-]+)\/errored\/([A-Za-z0-9-]+)\/./;

/** Which record a row is of, by the row's workflow id; closed ones too while Temporal keeps them. @throws Error in words where there is none. */
export async function recordOfRow(client: Client, workflowId: string): Promise<NamedRecord> {
  const [, process, entityType] = ROW.exec(workflowId) ?? [];
  const memo = process !== undefined ? (await describeWorkflow(client, workflowId))?.memo : undefined;
  const id = (memo?.['row'] as { id?: unknown } | undefined)?.id;
  if (process === undefined || entityType === undefined || typeof id !== 'string')
    throw new Error(
      `No errored record has the workflow id "${workflowId.slice(0, 300)}". Give that of its row, or <process> <entityType> <id> of the record.`,
    );
  return { process, entityType, id };
}

/** The row of a record, open or closed; undefined where there is none; `silent` where no worker answers for it. */
export async function readRow(client: Client, workflowId: string): Promise<RowStatus | 'silent' | undefined> {
  try {
    return await client.withDeadline(Date.now() + 10_000, () => client.workflow.getHandle(workflowId).query<RowStatus>('status'));
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? undefined : 'silent';
  }
}
