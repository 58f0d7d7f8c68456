import { listRows, type ListedRow } from '../src/temporal/rows/list-rows.js';
import type { ActivityDependencies } from './dependencies.js';

/**
 * The open rows of a process. What looks like one and cannot be read is passed over, which the log
 * says.
 */
export async function listOpen(process: string, { client, log }: ActivityDependencies): Promise<ListedRow[]> {
  const passedOver: string[] = [];
  const rows = await listRows(client, process, { onPassedOver: (workflowId) => passedOver.push(workflowId) });
  if (passedOver.length > 0)
    log.warn({ process, count: passedOver.length, first: passedOver[0] }, 'Workflows that look like errored records cannot be read');
  return rows;
}
