import type { Client } from '@temporalio/client';
import { integrationProcessKey } from '../../../workflows/search-attributes.js';
import { listProcesses } from '../read-status.js';

/** Ids of the processes that run, or have open rows: one visibility call for each of the latter that does not run. */
export async function listErring(client: Client): Promise<string[]> {
  const ids = new Set(await listProcesses(client));
  for (;;) {
    const next = await anotherWithRows(client, [...ids]);
    if (next === undefined || ids.has(next)) return [...ids].sort();
    ids.add(next);
  }
}

async function anotherWithRows(client: Client, but: string[]): Promise<string | undefined> {
  const query = [`WorkflowType="erroredRecord"`, `ExecutionStatus="Running"`, ...but.map((id) => `IntegrationProcess!="${id}"`)];
  for await (const { typedSearchAttributes } of client.workflow.list({ query: query.join(' AND '), pageSize: 1 }))
    return typedSearchAttributes.get(integrationProcessKey);
  return undefined;
}
