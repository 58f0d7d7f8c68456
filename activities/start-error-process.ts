import { Context as ActivityContext } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { errorsId } from '../workflows/ids.js';
import type { ErrorProcessInput } from '../workflows/errors/state.js';
import { marked } from '../src/model/markdown.js';

/** Starts the error process of a regular one where it does not run. @returns whether it did not */
export async function startErrorProcess(process: string, client: Client): Promise<boolean> {
  const input: ErrorProcessInput = { process };
  try {
    await client.workflow.start('errorProcess', {
      workflowId: errorsId(process),
      taskQueue: ActivityContext.current().info.taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: marked`Errored records of ${process}`.text,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
