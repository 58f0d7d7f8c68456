import type { Client } from '@temporalio/client';
import type { ErroredRecordResult } from '../../../workflows/errored-record.js';
import type { ProcessStatus } from '../../../workflows/status.js';
import { addSheets, emptySheet } from '../../model/sheet.js';
import { listRows } from '../../temporal/rows/list-rows.js';
import { compareSystems, type Differences } from './compare/compare-systems.js';
import type { DemoSystems } from './demo-systems.js';
import { PROCESS } from './compare/hospital-types.js';

/** The demo’s last line, one JSON object, and what is not the same in both systems, each way. */
export async function summarise(
  client: Client,
  systems: DemoSystems,
  status: ProcessStatus,
  seconds: number,
): Promise<{ differences: Differences; agree: boolean; line: string }> {
  const {
    brought: _brought,
    adopted: _adopted,
    edited: _edited,
    ...sheet
  } = Object.values(status.types).reduce((sum, { total }) => (total ? addSheets(sum, total) : sum), emptySheet);
  const differences = await compareSystems(systems);
  const agree = differences.inEmr.length + differences.inAvni.length === 0;
  const [history, errors] = [await historySize(client), await countErrors(client)];
  const line = JSON.stringify({
    ...sheet,
    seconds: Math.round(seconds * 10) / 10,
    recordsPerSecond: Math.round(sheet.read / seconds),
    ...history,
    ...errors,
    agree,
  });
  return { differences, agree, line };
}

/** Of all workflows in the namespace, open and closed. */
async function historySize(client: Client): Promise<{ historyEvents: number; historyBytes: number }> {
  let [historyEvents, historyBytes] = [0, 0];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const { historyLength, historySize } = await client.workflow.getHandle(workflowId, runId).describe();
    historyEvents += historyLength;
    historyBytes += historySize ?? 0;
  }
  return { historyEvents, historyBytes };
}

/** Errored records that are open, and those that were closed because their record is in step. */
async function countErrors(client: Client): Promise<{ erroredOpen: number; healed: number }> {
  let healed = 0;
  const closed = `WorkflowType="erroredRecord" AND IntegrationProcess="${PROCESS}" AND ExecutionStatus="Completed"`;
  for await (const { workflowId, runId } of client.workflow.list({ query: closed })) {
    const { result, attempts, decisions } = (await client.workflow.getHandle(workflowId, runId).result()) as ErroredRecordResult;
    // A row on which children waited, while its record came over, has neither.
    if (result === 'synced' && attempts + decisions.length > 0) healed += 1;
  }
  return { erroredOpen: (await listRows(client, PROCESS)).length, healed };
}
