import {
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  makeContinueAsNewFunc,
  patched,
  upsertMemo,
} from '@temporalio/workflow';
import type { Stop } from '../src/sync/results.js';
import { backoff, triedAgain } from './backoff.js';
import { checkInput } from './check-input.js';
import type { Plan } from './contracts.js';
import { errorsId } from './ids.js';
import { applyPlan, planCycle } from './plan.js';
import { ProcessRun } from './process-run.js';
import { endRests, letRest, nextGlance, nextLook } from './rests.js';
import type { ProcessInput } from './state.js';
import { syncInOrder } from './sync-in-order.js';
import { whilePaused } from './while-paused.js';

/** How long to wait where not even a plan could be made. */
const UNPLANNED_WAIT = 60_000;

/**
 * Follows the changes of one integration process, for ever: each run is one cycle, carried on by continue-as-new. Its workflow id is its
 * process; its state, bookmarks included, is its continue-as-new input, and its memo carries the bookmarks beyond any mistake.
 */
export async function integrationProcess(input: ProcessInput): Promise<void> {
  checkInput(input);
  const run = new ProcessRun(input);
  const root = CancellationScope.current();
  try {
    run.keepBookmarks();
    await whilePaused(run);
    const plan = await oneCycle(run, input);
    if (root.consideredCancelled) throw new CancelledFailure('The process was cancelled');
    // One left by an earlier process may still rest.
    if (input.state === undefined && !(plan !== 'interrupted' && plan?.errorsStarted)) await run.tellErrorProcess();
    if (plan === 'interrupted') run.state.runNow = true;
    else await untilNext(run, plan);
    await condition(allHandlersFinished);
    if (root.consideredCancelled) throw new CancelledFailure('The process was cancelled');
  } catch (error) {
    if (isCancellation(error)) await close(run);
    throw error;
  }
  run.state.cycle += 1;
  const next = makeContinueAsNewFunc<typeof integrationProcess>({ memo: { bookmarks: run.bookmarks } });
  // Until a plan was made, nobody has looked at what the operator gave.
  const given = run.state.digest === undefined && input.bookmarks !== undefined ? { bookmarks: input.bookmarks } : {};
  await next({ process: run.process, ...given, state: run.state });
}

/** Plans and syncs; comes back early, with nothing open, where it is paused or cancelled. */
async function oneCycle(run: ProcessRun, input: ProcessInput): Promise<Plan | 'interrupted' | undefined> {
  const scope = new CancellationScope();
  run.scope = scope;
  try {
    return await scope.run(async () => {
      const plan = await planCycle(run, input);
      if (plan) {
        applyPlan(run, plan);
        run.keepBookmarks();
        await syncInOrder(run, plan);
      }
      return plan;
    });
  } catch (error) {
    if (isCancellation(error)) return 'interrupted';
    throw error;
  } finally {
    run.scope = undefined;
  }
}

/** Waits for the next due time, for `runNow`, for a rewind or for a pause, whichever is first. */
async function untilNext(run: ProcessRun, plan: Plan | undefined): Promise<void> {
  const { state } = run;
  const stops = [...Object.values(state.types).flatMap((type) => type.stopped ?? []), ...(state.stopped ? [state.stopped] : [])];
  const sick = stops.filter(triedAgain);
  state.failures = sick.length > 0 ? state.failures + 1 : 0;
  const due = plan?.types.map((type) => Date.parse(type.nextDue)) ?? [Date.now() + UNPLANNED_WAIT];
  if (sick.length === 0) endRests(state);
  const next = sick.length > 0 && plan ? nextWithSick(run, plan, sick) : Math.min(...due);
  state.nextRun = new Date(next).toISOString();
  run.enter(stops.some((stop) => stop.needs === 'person') ? 'stopped' : sick.length > 0 ? 'waiting' : 'idle');
  const wake = sick.length > 0 && plan ? wakeBy(next, plan) : next;
  if (wake > Date.now() && !run.wanted) await condition(() => run.wanted, wake - Date.now());
  delete state.nextRun;
}

/** While types rest, a corrected definition is not to wait until they have rested: the next cycle may come earlier, and asks no system unless there is one. */
function wakeBy(next: number, plan: Plan): number {
  const glance = nextGlance(plan);
  return glance < next && patched('glances-while-resting') ? glance : next;
}

/** The next cycle where a system fails: each type that it stopped, and what hangs on it, rests by itself. */
function nextWithSick({ state }: ProcessRun, plan: Plan, sick: Stop[]): number {
  if (!patched('own-rests')) return Date.now() + backoff(state.failures, sick, plan.timing);
  letRest(state, plan, patched('rests-by-what-was-found'));
  return nextLook(state, plan);
}

/** Leaves the last word where it can be read from the closed workflow, and closes its error process. */
async function close(run: ProcessRun): Promise<void> {
  run.state.types = { ...run.state.types };
  run.enter('cancelled');
  upsertMemo({ bookmarks: run.bookmarks });
  if (!patched('errors')) return;
  await CancellationScope.nonCancellable(() =>
    getExternalWorkflowHandle(errorsId(run.process))
      .cancel()
      .catch(() => undefined),
  );
}
