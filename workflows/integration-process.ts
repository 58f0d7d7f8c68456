import {
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { checkInput } from './check-input.js';
import type { Plan } from './contracts.js';
import { nextWake } from './next-wake.js';
import { applyPlan, planCycle } from './plan.js';
import { ProcessRun } from './process-run.js';
import { retryInTurn } from './retry-in-turn.js';
import type { ProcessInput } from './state.js';
import { syncInOrder } from './sync-in-order.js';
import { cancelRequests, syncRequested } from './sync-requested.js';
import { expectGoingOn } from './turn.js';

/** Idle cycles that share one run. */
const IDLE_CYCLES = 60;

/**
 * Follows the changes of one integration process, for ever, and tries again what failed. Each run
 * is one cycle, or many idle ones, carried on by continue-as-new. Its workflow id is its process;
 * its state, bookmarks included, is its continue-as-new input, and its memo carries the bookmarks
 * beyond any mistake.
 */
export async function integrationProcess(input: ProcessInput): Promise<void> {
  checkInput(input);
  const run = new ProcessRun(input);
  const root = CancellationScope.current();
  try {
    run.keepBookmarks();
    for (let cycles = 1; ; cycles += 1) {
      await whilePaused(run);
      const { plan, worked } = await oneCycle(run, input);
      if (root.consideredCancelled) throw new CancelledFailure('The process was cancelled');
      if (!run.wanted) await untilNext(run, plan);
      run.state.cycle += 1;
      // A rewind holds from the next run on.
      if (worked || run.rewound.size > 0 || cycles >= IDLE_CYCLES || workflowInfo().continueAsNewSuggested) break;
    }
    await answerRequests(run);
    if (root.consideredCancelled) throw new CancelledFailure('The process was cancelled');
  } catch (error) {
    if (isCancellation(error)) await close(run);
    throw error;
  }
  const next = makeContinueAsNewFunc<typeof integrationProcess>({ memo: { bookmarks: run.bookmarks } });
  // Until a plan was made, nobody has looked at what the operator gave.
  const given = run.state.digest === undefined && input.bookmarks !== undefined ? { bookmarks: input.bookmarks } : {};
  await next({ process: run.process, ...given, state: run.state });
}

/** Answers every request, be it after a pause: none is carried to the next run. */
async function answerRequests(run: ProcessRun): Promise<void> {
  while (!allHandlersFinished()) {
    await syncRequested(run);
    if (run.requests.isEmpty) await condition(() => allHandlersFinished() || !run.requests.isEmpty);
    else await whilePaused(run);
  }
}

/** Rests for as long as a pause is in force, but for what is asked for anyway. */
async function whilePaused(run: ProcessRun): Promise<void> {
  for (let { pause } = run.state; pause !== undefined; pause = run.state.pause) {
    run.enter('paused');
    const { until } = pause;
    const ended = (): boolean => run.state.pause === undefined || run.state.pause.until !== until || run.requests.has(true);
    if (until === undefined) await condition(ended);
    else if (!(await condition(ended, Math.max(1, Date.parse(until) - Date.now())))) delete run.state.pause;
    await syncRequested(run);
  }
  if (run.state.state === 'paused') run.enter('idle');
}

interface Cycle {
  plan: Plan | undefined;
  /** Whether any child ran. */
  worked: boolean;
}

/**
 * Records that were asked for, a plan, then turns of changes and of retries, until all that was
 * planned is done. Comes back early, with nothing open, where it is paused or cancelled, or a
 * record is asked for: what was due is due still.
 */
async function oneCycle(run: ProcessRun, input: ProcessInput): Promise<Cycle> {
  const cycle: Cycle = { plan: undefined, worked: run.requests.has(false) };
  await syncRequested(run);
  const scope = new CancellationScope();
  run.scope = scope;
  const { runNow, wantedPlan } = run.state;
  try {
    await scope.run(async () => {
      // What came meanwhile found no scope to end.
      if (run.state.pause || run.requests.has(false)) scope.cancel();
      expectGoingOn();
      cycle.plan = await planCycle(run, input);
      if (!cycle.plan) return;
      applyPlan(run, cycle.plan);
      run.keepBookmarks();
      cycle.worked ||= await takeTurns(run, cycle.plan);
    });
    run.unplanned = cycle.plan === undefined;
  } catch (error) {
    if (!isCancellation(error)) throw error;
    cycle.worked = true;
    run.state.goOn = true;
    if (runNow) run.state.runNow = true;
    if (wantedPlan !== undefined) run.state.wantedPlan ??= wantedPlan;
  } finally {
    run.scope = undefined;
  }
  return cycle;
}

/**
 * Turn by turn, so that a first load of days starves no retry, and no pass of retries the changes.
 * @returns whether any child ran.
 */
async function takeTurns(run: ProcessRun, plan: Plan): Promise<boolean> {
  const before = run.turns;
  let { types: left } = plan;
  do {
    left = await syncInOrder(run, plan, left);
    await retryInTurn(run, plan);
  } while (left.length > 0 && !workflowInfo().continueAsNewSuggested);
  if (left.length > 0) run.state.goOn = true;
  return run.turns > before;
}

/** Waits for the next due time, or for a message that ends the wait. */
async function untilNext(run: ProcessRun, plan: Plan | undefined): Promise<void> {
  const wake = nextWake(run, plan);
  if (wake > Date.now()) await condition(() => run.wanted || workflowInfo().continueAsNewSuggested, wake - Date.now());
  delete run.state.nextRun;
  delete run.state.errors.nextRun;
}

/** Leaves the last word where it can be read from the closed workflow. */
async function close(run: ProcessRun): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    run.enter('cancelled');
    upsertMemo({ bookmarks: run.bookmarks });
    cancelRequests(run);
    await condition(allHandlersFinished);
  });
}
