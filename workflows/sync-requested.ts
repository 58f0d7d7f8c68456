import { CancellationScope } from '@temporalio/workflow';
import { marked } from '../src/model/markdown.js';
import { recordId } from './ids.js';
import type { ProcessRun } from './process-run.js';
import { childFailed } from './child-failed.js';
import { grantTurn } from './turn.js';
import { recordSyncResult } from '../src/model/turns.js';

/** Turns for the records that somebody asked for, one after the other. */
export async function syncRequested(run: ProcessRun): Promise<void> {
  const { timing } = run.state;
  // None is taken before a plan was made.
  if (!timing) return;
  for (let next = run.requests.next(run.state.pause !== undefined); next; next = run.requests.next(run.state.pause !== undefined)) {
    const { request, answer } = next;
    const { entityType, id } = request;
    const child = { type: 'recordSync', id: recordId(run.process), entityType, summary: marked`${entityType} ${id.slice(0, 100)}` };
    const scope = new CancellationScope();
    // One that was asked for in spite of a pause is not ended by another.
    if (request.anyway !== true) run.bringing = scope;
    const input = { v: 1 as const, process: run.process, entityType, id, timing };
    const result = await scope.run(() => grantTurn(run, child, timing, { input: () => input, result: recordSyncResult() }));
    run.bringing = undefined;
    if (result === 'failed') answer({ what: 'failing', hadRow: false, stopped: childFailed(child.id) });
    else if (result === 'cancelled') answer({ what: 'failing', hadRow: false, stopped: cancelled });
    else answer(result.cancelled ? { ...result, stopped: result.stopped ?? cancelled } : result);
  }
}

/** Answers what has not had its turn, since the process ends. */
export function cancelRequests({ requests }: ProcessRun): void {
  for (let next = requests.next(false); next; next = requests.next(false))
    next.answer({ what: 'failing', hadRow: false, stopped: cancelled });
}

const cancelled = {
  code: 'Cancelled',
  message: 'The process was paused or cancelled before the record was brought over.',
  remedy: 'Resume the process, or start it again, and ask once more.',
  needs: 'person' as const,
};
