import type { Client } from '@temporalio/client';
import { z } from 'zod';
import type { RowMemo } from '../../../workflows/errored/status.js';
import { entityTypeKey } from '../../../workflows/search-attributes.js';
import { instantSchema } from '../../model/schemas.js';
import { merelyWaits } from '../../sync/parts.js';
import { listWorkflows } from '../executions.js';
import { MAX_ID } from '../../model/row-messages.js';
import { isName } from '../../model/names.js';

/** An open errored record as its list shows it: a hint, since lists lag behind. */
export interface ListedRow extends RowMemo {
  workflowId: string;
  entityType: string;
}

const name = z.string().refine(isName);

/**
 * Anyone may start what looks like a row, with any memo: what the engine never wrote is passed
 * over.
 */
const memo = z.object({
  id: z.string().min(1).max(MAX_ID),
  state: z.enum(['failing', 'ignored', 'releasing']),
  version: z.string().max(500),
  stamp: instantSchema(),
  attempts: z.int().min(0).max(1_000_000_000),
  errorType: name,
  mapping: z.boolean(),
  digest: z.string().max(200),
  waiting: z.int().min(0).max(1_000_000),
  firstFailedAt: instantSchema(),
  retryAt: instantSchema().optional(),
  closed: z.object({ how: z.enum(['synced', 'gone']), by: z.string().max(60), at: z.string().max(30) }).optional(),
});

/** What a row's memo says of it; undefined where the engine did not write it. */
export function parseRowMemo(kept: unknown): RowMemo | undefined {
  const parsed = memo.safeParse(kept);
  if (!parsed.success) return undefined;
  const { retryAt, closed, ...row } = parsed.data;
  return { ...row, ...(retryAt !== undefined ? { retryAt } : {}), ...(closed ? { closed } : {}) };
}

/**
 * Whether a record fails that nobody set aside: one that merely waits for what it depends on does
 * not.
 */
export function isFailing({ state, errorType }: Pick<ListedRow, 'state' | 'errorType'>): boolean {
  return state === 'failing' && !merelyWaits(errorType);
}

interface ListRowsOptions {
  /** Of this one only. */
  entityType?: string;
  /**
   * Told the workflow id of what looks like a row and has no memo that can be read: Sangam started
   * no such.
   */
  onPassedOver?(workflowId: string): void;
}

/** Open rows of a process: one visibility call for each thousand. */
export async function listRows(client: Client, process: string, { entityType, onPassedOver }: ListRowsOptions = {}): Promise<ListedRow[]> {
  const rows: ListedRow[] = [];
  const query = queryOf(OPEN, process, entityType);
  for await (const { workflowId, memo: kept, typedSearchAttributes } of listWorkflows(client, query, 1_000)) {
    const row = parseRowMemo(kept?.['row']);
    const named = typedSearchAttributes.get(entityTypeKey);
    if (row && isName(named)) rows.push({ ...row, workflowId, entityType: named });
    else onPassedOver?.(workflowId);
  }
  return rows;
}

/**
 * Also of those that were paused at Temporal itself, which servers before 1.30 do not know by name.
 */
export const OPEN = 'CloseTime IS NULL';

/**
 * The query that operators are shown: it finds the rows of a process that run. Names of processes
 * and types hold no quotes.
 */
export function rowsQuery(process: string, entityType?: string, errorType?: string): string {
  return queryOf('ExecutionStatus="Running"', process, entityType, errorType);
}

function queryOf(status: string, process: string, entityType?: string, errorType?: string): string {
  return [
    `WorkflowType="erroredRecord"`,
    `IntegrationProcess="${process}"`,
    ...(entityType !== undefined ? [`EntityType="${entityType}"`] : []),
    ...(errorType !== undefined ? [`ErrorType="${errorType}"`] : []),
    status,
  ].join(' AND ');
}
