import { WorkflowFailedError, type Client } from '@temporalio/client';

/** So many of its last events tell what became of the latest workflow task. */
const LAST = 10;

/** Why a workflow failed, as a sentence; undefined where Temporal does not say. */
export async function failureOf(client: Client, workflowId: string): Promise<string | undefined> {
  try {
    await client.workflow.getHandle(workflowId).result();
    return undefined;
  } catch (error) {
    return error instanceof WorkflowFailedError ? sentence(error.cause?.message) : undefined;
  }
}

/**
 * Why the latest workflow task of an open workflow failed, as a sentence; undefined where it did
 * not: then nobody took it.
 */
export async function taskFailure(client: Client, workflowId: string): Promise<string | undefined> {
  const { namespace } = client.options;
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace,
    execution: { workflowId },
    maximumPageSize: LAST,
  });
  for (const { workflowTaskFailedEventAttributes: failed, workflowTaskCompletedEventAttributes: completed } of history?.events ?? []) {
    if (completed) return undefined;
    if (failed) return sentence(failed.failure?.message);
  }
  return undefined;
}

function sentence(text: string | null | undefined): string | undefined {
  const line = text?.split('\n')[0]?.trim().slice(0, 500);
  return line === undefined || line === '' ? undefined : /[.!?]$/.test(line) ? line : `${line}.`;
}
