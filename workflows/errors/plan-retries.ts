import { ActivityCancellationType, ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { PlanRetriesResult, RetryActivities, RetryPlan } from '../contracts.js';
import { forgetOpenUpTo } from '../excused.js';
import { now } from '../now.js';
import type { ErrorsRun } from './errors-run.js';
import { isTooMany } from './excuse.js';

const { planRetries: plan } = proxyActivities<RetryActivities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '20 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/**
 * What this pass has to do; undefined where the process cannot run, which the state then says. `why`: before a pass (the `first` of a process), or `after` one, to
 * see what is open then.
 */
export async function planRetries(run: ErrorsRun, why: 'first' | 'before' | 'after'): Promise<RetryPlan | undefined> {
  const { state } = run;
  // A pass that was interrupted goes on; one that was asked for while no plan could be made is made up for.
  const runNow = why !== 'after' && (state.runNow === true || state.owed === true || state.pass !== undefined);
  const answer = await ask(run, why, runNow);
  if (answer.kind === 'refused') {
    const remedy = 'Mend the definition in the worker’s folder; the process looks again by itself.';
    state.refused = { code: answer.code, message: answer.message, remedy, needs: 'person' };
    if (runNow) state.owed = true;
    return undefined;
  }
  const { plan: made } = answer;
  delete state.refused;
  if (why !== 'after') delete state.owed;
  takeJudging(run, made);
  state.digest = made.digest;
  state.open = made.open;
  if (made.leftOver) state.leftOver = made.leftOver;
  else delete state.leftOver;
  // Its time came while a pass went on: the next one begins at once.
  if (made.due && why === 'after') state.runNow = true;
  else if (made.due) state.lastLook = now();
  if (made.definitionProblem !== undefined) state.definitionProblem = made.definitionProblem;
  else delete state.definitionProblem;
  run.publish();
  return made;
}

/** What counts no more: failures under a definition that has changed, and what an operator accepted once it is behind. */
function takeJudging({ state }: ErrorsRun, { digest, open }: RetryPlan): void {
  if (state.digest !== undefined && state.digest !== digest) {
    for (const name of Object.keys(state.tooMany ?? {})) delete state.failing?.[name];
    delete state.tooMany;
  }
  // Not before those that stopped have gone on.
  const restsOn = state.pass !== undefined || Object.values(state.stopped).some(isTooMany);
  if (!restsOn) forgetOpenUpTo(state, open);
}

async function ask(run: ErrorsRun, why: 'first' | 'before' | 'after', runNow: boolean): Promise<PlanRetriesResult> {
  const { state, process } = run;
  const asked = state.runNow;
  if (why !== 'after') delete state.runNow;
  const { lastLook } = state;
  try {
    return await plan.executeWithOptions({ summary: 'Which errored records are due?' }, [
      { v: 1, process, first: why === 'first', runNow, ...(lastLook !== undefined ? { lastLook } : {}) },
    ]);
  } catch (error) {
    if (isCancellation(error)) {
      if (asked) state.runNow = true;
      throw error;
    }
    if (error instanceof ActivityFailure)
      return { kind: 'refused', code: 'Defect', message: 'Planning the pass failed unexpectedly; the worker’s log says where.' };
    throw error;
  }
}
