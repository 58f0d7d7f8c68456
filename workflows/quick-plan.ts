import { ActivityFailure, isCancellation, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities, PlanCycleInput, PlanCycleResult } from './contracts.js';
import type { ProcessState } from './state.js';

/**
 * Milliseconds that a quick plan may take. No message reaches the process meanwhile, so a pause
 * waits as long.
 */
const QUICK = 1_000;

/** Within the workflow task: it costs one event where an activity of its own costs six. */
const { planCycle } = proxyLocalActivities<Activities>({ startToCloseTimeout: QUICK, retry: { maximumAttempts: 1 } });

/**
 * The plan of a process that is well and whose systems answer at once; undefined where it takes an
 * activity of its own: one that can be cancelled, takes its time, and may be done by another
 * worker.
 */
export async function quickPlan(state: ProcessState, input: PlanCycleInput): Promise<PlanCycleResult | undefined> {
  if (input.digest === undefined || input.runNow || input.list || state.failures > 0 || state.plansSlowly) return undefined;
  try {
    const answer = await planCycle(input);
    return answer.kind === 'plan' ? answer : undefined;
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    state.plansSlowly = true;
    return undefined;
  }
}

/**
 * Whether a plan by an activity of its own was so quick that the next one may be made within the
 * workflow task. `began`: milliseconds since the epoch.
 */
export function notePace(state: ProcessState, began: number): void {
  if (Date.now() - began < QUICK) delete state.plansSlowly;
}
