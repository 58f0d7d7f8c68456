import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { describeWorkflow, listWorkflows } from './executions.js';

/** A run of a process. */
export interface Begun {
  run: WorkflowExecutionInfo;
  /**
   * Whether the latest start was refused; `run` is then an earlier one where there is one that
   * began.
   */
  refused: boolean;
  /** Whether `run` itself began. */
  began: boolean;
}

/**
 * The latest run of a process that began, open or closed; undefined where there is none at all. A
 * start with a wrong input fails at once, and leaves in its memo what it was given: that must not
 * hide where the process got to.
 */
export async function lastBegun(client: Client, process: string): Promise<Begun | undefined> {
  const latest = await describeWorkflow(client, process);
  if (!latest) return undefined;
  if (!wasRefused(latest)) return { run: latest, refused: false, began: true };
  for (const { runId } of await earlier(client, process)) {
    const run = await describeWorkflow(client, process, runId);
    if (run && !wasRefused(run)) return { run, refused: true, began: true };
  }
  return { run: latest, refused: true, began: false };
}

/** A run that was carried on, or has got past its first plan, never fails. */
function wasRefused({ status, runId, raw }: WorkflowExecutionInfo): boolean {
  return status.name === 'FAILED' && 'firstRunId' in raw && raw.firstRunId === runId;
}

/** Runs that ended, but for those that were carried on: the latest first. */
async function earlier(client: Client, process: string): Promise<WorkflowExecutionInfo[]> {
  const runs: WorkflowExecutionInfo[] = [];
  const query = `WorkflowId = '${process}' AND WorkflowType = 'integrationProcess' AND ExecutionStatus != 'ContinuedAsNew'`;
  for await (const run of listWorkflows(client, query)) runs.push(run);
  return runs.sort((a, b) => b.startTime.getTime() - a.startTime.getTime());
}
