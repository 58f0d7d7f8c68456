import type { Client } from '@temporalio/client';
import { CHILDREN_WAITING } from '../../../workflows/errored/status.js';
import { isProcessId } from '../../../workflows/ids.js';
import { entityTypeKey } from '../../../workflows/search-attributes.js';
import { listWorkflows } from '../executions.js';
import { parseRowMemo } from '../rows/list-rows.js';
import { isName } from '../../model/names.js';

/** An errored record that a person closed, not the engine. */
export interface ClosedByHand {
  entityType: string;
  id: string;
  /** Absent where a signal closed it: what it failed with is forgotten then. */
  errorType?: string;
  /**
   * `synced`, `gone`: a signal said so, and not the engine’s. `terminated`: its workflow was ended.
   */
  how: 'synced' | 'gone' | 'terminated';
  at: string;
}

/**
 * Rows of a process that were closed by hand, the latest first, while Temporal keeps them: one
 * visibility call for each thousand closed ones.
 */
export async function listClosedByHand(client: Client, process: string): Promise<ClosedByHand[]> {
  if (!isProcessId(process)) throw new Error('Say which process: <integration>/<process>, e.g. clinic/maternal-health.');
  const closed: ClosedByHand[] = [];
  const query = `WorkflowType="erroredRecord" AND IntegrationProcess="${process}" AND ExecutionStatus IN ("Completed", "Terminated")`;
  for await (const { memo, typedSearchAttributes, status, closeTime } of listWorkflows(client, query, 1_000)) {
    const row = parseRowMemo(memo?.['row']);
    const entityType = typedSearchAttributes.get(entityTypeKey);
    const how = status.name === 'TERMINATED' ? ('terminated' as const) : row?.closed?.how;
    if (row && isName(entityType) && how)
      closed.push({
        entityType,
        id: row.id,
        ...(row.errorType === CHILDREN_WAITING ? {} : { errorType: row.errorType }),
        how,
        at: closeTime?.toISOString() ?? '',
      });
  }
  return closed.sort((a, b) => (a.at < b.at ? 1 : -1));
}
