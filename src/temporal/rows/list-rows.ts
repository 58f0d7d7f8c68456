import type { Client } from '@temporalio/client';
import { z } from 'zod';
import type { RowMemo } from '../../../workflows/errored/status.js';
import { entityTypeKey } from '../../../workflows/search-attributes.js';
import { PARENT_FAILING } from '../../sync/parts.js';
import { listWorkflows } from '../executions.js';

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

/** Whether a record fails that nobody set aside: one that merely waits for what it depends on does not. */
export function isFailing({ state, errorType }: Pick<ListedRow, 'state' | 'errorType'>): boolean {
  return state === 'failing' && errorType !== PARENT_FAILING;
}

interface ListRowsOptions {
  /** Of this one only. */
  entityType?: string;
  /** Told the workflow id of what looks like a row and has no memo that can be read: Sangam started no such. */
  onPassedOver?(workflowId: string): void;
}

/** Open rows of a process: one visibility call for each thousand. */
export async function listRows(client: Client, process: string, { entityType, onPassedOver }: ListRowsOptions = {}): Promise<ListedRow[]> {
  const rows: ListedRow[] = [];
  for await (const { workflowId, memo: kept, typedSearchAttributes } of listWorkflows(client, rowsQuery(process, entityType), 1_000)) {
    const parsed = memo.safeParse(kept?.['row']);
    const named = typedSearchAttributes.get(entityTypeKey);
    if (!parsed.success || named === undefined) {
      onPassedOver?.(workflowId);
      continue;
    }
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
