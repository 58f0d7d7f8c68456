import { ChildWorkflowCancellationType, executeChild, ParentClosePolicy, sleep, type Workflow } from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Stop } from '../src/sync/results.js';
import { entityTypeKey, integrationProcessKey, syncStateKey } from './search-attributes.js';
import type { Markdown } from '../src/model/markdown.js';

/** Runs the child of one entity type to its end. A child of an earlier, terminated process may still be finishing: it is waited for. */
export async function runChild<T extends Workflow>(
  type: string,
  workflowId: string,
  input: Parameters<T>[0] & { process: string; entityType: string },
  summary: Markdown,
): Promise<Awaited<ReturnType<T>>> {
  for (let wait = 500; ; wait = Math.min(wait * 2, 30_000)) {
    try {
      return (await executeChild(type, {
        workflowId,
        args: [input],
        cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: summary.text,
        typedSearchAttributes: [
          { key: integrationProcessKey, value: input.process },
          { key: entityTypeKey, value: input.entityType },
          { key: syncStateKey, value: 'running' },
        ],
      })) as Awaited<ReturnType<T>>;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await sleep(wait, { summary: 'An earlier run of this entity type is still finishing' });
    }
  }
}

export function parentStopped(parent: string, stop: Stop | undefined): Stop {
  return {
    code: 'ParentStopped',
    message: `It depends on ${parent}, which stopped${stop ? ` (${stop.code})` : ''}.`,
    remedy: `It goes on by itself once ${parent} does.`,
    needs: stop?.needs ?? 'person',
    ...(stop?.byItself ? { byItself: true } : {}),
  };
}

export function childFailed(child: string): Stop {
  return {
    code: 'ChildFailed',
    message: `The workflow ${child} ended without a result: it was terminated, or failed unexpectedly.`,
    remedy: 'Nothing is lost: it starts again from its bookmark at the next cycle. Signal runNow to start it at once.',
    needs: 'person',
  };
}
