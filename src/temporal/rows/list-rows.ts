import type { Client } from '@temporalio/client';
import { z } from 'zod';
import type { RowMemo } from '../../../workflows/errored/status.js';

/** An open errored record as its list shows it: a hint, since lists lag behind. */
export interface ListedRow extends RowMemo {
  workflowId: string;
  entityType: string;
}

const memo = z.looseObject({
  id: z.string(),
  state: z.enum(['failing', 'ignored', 'releasing']),
  version: z.string(),
  stamp: z.string(),
  attempts: z.number(),
  errorType: z.string(),
  mapping: z.boolean(),
  digest: z.string(),
  waiting: z.number(),
  firstFailedAt: z.string(),
  retryAt: z.string().optional(),
  lookAgain: z.literal(true).optional(),
});

/** Open rows of a process, of one entity type where it is given: one visibility call for each thousand. */
export async function listRows(client: Client, process: string, entityType?: string): Promise<ListedRow[]> {
  const rows: ListedRow[] = [];
  for await (const { workflowId, memo: kept, typedSearchAttributes } of client.workflow.list({
    query: rowsQuery(process, entityType),
    pageSize: 1_000,
  })) {
    const parsed = memo.safeParse(kept?.['row']);
    const named = typedSearchAttributes.getAll().find(({ key }) => key.name === 'EntityType')?.value;
    if (!parsed.success || typeof named !== 'string') continue;
    const { retryAt, lookAgain, ...row } = parsed.data;
    const optional = { ...(retryAt !== undefined ? { retryAt } : {}), ...(lookAgain ? { lookAgain } : {}) };
    rows.push({ ...row, ...optional, workflowId, entityType: named });
  }
  return rows;
}

/** The query that finds the open rows of a process: the one operators are shown. Names of processes and types hold no quotes. */
export function rowsQuery(process: string, entityType?: string, errorType?: string): string {
  return [
    `WorkflowType="erroredRecord"`,
    `IntegrationProcess="${process}"`,
    ...(entityType !== undefined ? [`EntityType="${entityType}"`] : []),
    ...(errorType !== undefined ? [`ErrorType="${errorType}"`] : []),
    `ExecutionStatus="Running"`,
  ].join(' AND ');
}
