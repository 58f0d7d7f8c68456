import type { Client } from '@temporalio/client';
import { integrationProcessKey } from '../../../workflows/search-attributes.js';
import { isProcessId } from '../../../workflows/ids.js';
import { listWorkflows } from '../executions.js';
import { OPEN } from '../rows/list-rows.js';
import { listProcesses } from '../read-status.js';

/**
 * Ids of the processes that run, or have open rows: one visibility call for each of the latter that
 * does not run.
 */
export async function listErring(client: Client): Promise<string[]> {
  const ids = new Set(await listProcesses(client, 'running'));
  for (;;) {
    const next = await anotherWithRows(client, [...ids]);
    // Others may have put anything there.
    if (next === undefined || ids.has(next)) return [...ids].filter(isProcessId).sort();
    ids.add(next);
  }
}

async function anotherWithRows(client: Client, but: string[]): Promise<string | undefined> {
  const query = [`WorkflowType="erroredRecord"`, OPEN, ...but.map((id) => `IntegrationProcess!="${id.replace(/["\\]/g, '\\$&')}"`)];
  for await (const { typedSearchAttributes } of listWorkflows(client, query.join(' AND '), 1))
    return typedSearchAttributes.get(integrationProcessKey);
  return undefined;
}
