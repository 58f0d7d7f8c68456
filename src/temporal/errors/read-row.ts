import type { Client } from '@temporalio/client';
import type { RowMemo, RowStatus } from '../../../workflows/errored/status.js';
import { askStatus } from '../ask.js';
import { describeWorkflow } from '../executions.js';
import { parseRowMemo } from '../rows/list-rows.js';

export interface NamedRecord {
  process: string;
  entityType: string;
  /** Whole, however long. */
  id: string;
}

const ROW = /^([a-z0-9-]+\/[a-z0-9-]+)\/errored\/([A-Za-z0-9-]+)\/./;

/**
 * Which record a row is of, by the row's workflow id; closed ones too while Temporal keeps them.
 * @throws Error in words where there is none.
 */
export async function recordOfRow(client: Client, workflowId: string): Promise<NamedRecord> {
  const [, process, entityType] = ROW.exec(workflowId) ?? [];
  const memo = process !== undefined ? (await describeWorkflow(client, workflowId))?.memo : undefined;
  const id = parseRowMemo(memo?.['row'])?.id;
  if (process === undefined || entityType === undefined || id === undefined)
    throw new Error(
      `No errored record has the workflow id "${workflowId.slice(0, 300)}". Give that of its row, or <process> <entityType> <id> of the record.`,
    );
  return { process, entityType, id };
}

/**
 * The row of a record, open or closed; only what its list shows (`listed`) where no worker answers
 * for it; undefined where there is none.
 */
export async function readRow(client: Client, workflowId: string): Promise<RowStatus | { listed: RowMemo | undefined } | undefined> {
  const row = await askStatus<RowStatus>(client, workflowId);
  if (row === 'missing') return undefined;
  return row === 'silent' ? { listed: parseRowMemo((await describeWorkflow(client, workflowId))?.memo?.['row']) } : row;
}
