import { ChildWorkflowCancellationType, executeChild, ParentClosePolicy, sleep } from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Markdown } from '../src/model/markdown.js';
import { entityTypeKey, integrationProcessKey, syncStateKey } from './search-attributes.js';

/** A child of a process. */
export interface Child {
  type: string;
  id: string;
  entityType?: string;
  summary: Markdown;
}

/**
 * Runs a child to its end. A child of an earlier, terminated process may still be finishing: it is
 * waited for.
 */
export async function runChild({ type, id, entityType, summary }: Child, process: string, input: object): Promise<unknown> {
  for (let wait = 500; ; wait = Math.min(wait * 2, 30_000)) {
    try {
      return await executeChild(type, {
        workflowId: id,
        args: [input],
        cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: summary.text,
        typedSearchAttributes: [
          { key: integrationProcessKey, value: process },
          ...(entityType !== undefined ? [{ key: entityTypeKey, value: entityType }] : []),
          { key: syncStateKey, value: 'running' },
        ],
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await sleep(wait, { summary: 'An earlier run of this child is still finishing' });
    }
  }
}
