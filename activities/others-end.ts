import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { Instant } from '../src/connectors/connector.js';
import type { ProcessDefinition } from '../src/definition/definition.js';
import { describeWorkflow, isOpen } from '../src/temporal/executions.js';
import { errorsId, recordId, syncId } from '../workflows/ids.js';
import type { ActivityDependencies } from './dependencies.js';
import { alive } from './heartbeat.js';

/** Milliseconds after which it is looked again whether a child has ended. */
const LOOK_AGAIN = 1_000;

/**
 * Until when a child of an earlier process may still write: one that runs, or that ended just now
 * without a word of what it sent last. Undefined where none may.
 */
export async function untilOthersEnd(
  { id, entityTypes }: ProcessDefinition,
  { client, now, timing }: ActivityDependencies,
): Promise<Instant | undefined> {
  const children = [...entityTypes.map(({ name }) => syncId(id, name)), errorsId(id), recordId(id)];
  const quiet = timing.heartbeatTimeout + timing.retryInterval;
  const untilOf = async (workflowId: string): Promise<number> => {
    const child = await describeWorkflow(client, workflowId);
    if (!child) return 0;
    if (isOpen(child)) return now() + LOOK_AGAIN;
    const until = (child.closeTime?.getTime() ?? 0) + quiet;
    return until > now() && !(await endedInOrder(child)) ? until : 0;
  };
  const endedInOrder = async ({ workflowId, runId, status }: WorkflowExecutionInfo): Promise<boolean> => {
    if (status.name !== 'COMPLETED') return false;
    const result = (await client.workflow.getHandle(workflowId, runId).result()) as { lost?: true } | undefined;
    return result?.lost !== true;
  };
  const latest = Math.max(...(await alive(() => Promise.all(children.map(untilOf)))));
  return latest > now() ? new Date(latest).toISOString() : undefined;
}
