import { Context as ActivityContext } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { errorsId } from '../workflows/ids.js';
import type { ErrorProcessInput } from '../workflows/errors/state.js';

/** Starts the error process of a regular one where it does not run. */
export async function startErrorProcess(process: string, client: Client): Promise<void> {
  const input: ErrorProcessInput = { process };
  await client.workflow.start('errorProcess', {
    workflowId: errorsId(process),
    taskQueue: ActivityContext.current().info.taskQueue,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `Errored records of ${process}`,
  });
}
