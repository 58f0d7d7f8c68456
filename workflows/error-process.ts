import {
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  patched,
  upsertMemo,
} from '@temporalio/workflow';
import { backoff, triedAgain } from './backoff.js';
import { checkErrorsInput } from './check-input.js';
import type { RetryPlan } from './contracts.js';
import { ErrorsRun } from './errors/errors-run.js';
import { planRetries } from './errors/plan-retries.js';
import { retryInOrder } from './errors/retry-in-order.js';
import type { ErrorProcessInput } from './errors/state.js';
import { whilePaused } from './while-paused.js';

/** How long to wait where not even a plan could be made. */
const UNPLANNED_WAIT = 60_000;

/**
 * Tries the errored records of one integration process again, for ever: each run looks for what is due, makes at most one pass over it in dependency
 * order, and waits for its next time. Its workflow id is `<process>/errors`; it rests with its regular process.
 */
export async function errorProcess(input: ErrorProcessInput): Promise<void> {
  checkErrorsInput(input);
  const run = new ErrorsRun(input);
  const root = CancellationScope.current();
  try {
    await whilePaused(run);
    const plan = await onePass(run);
    if (root.consideredCancelled) throw new CancelledFailure('The error process was cancelled');
    if (plan === 'interrupted') run.state.runNow = true;
    else await untilNext(run, plan);
    await condition(allHandlersFinished);
    if (root.consideredCancelled) throw new CancelledFailure('The error process was cancelled');
  } catch (error) {
    if (isCancellation(error)) run.enter('cancelled');
    throw error;
  }
  run.state.cycle += 1;
  const { pass } = run.state;
  const next = makeContinueAsNewFunc<typeof errorProcess>({ memo: pass ? { pass } : {} });
  await next({ process: run.process, state: run.state });
}

/** Plans and retries; comes back early, with nothing open, where it is paused or cancelled. */
async function onePass(run: ErrorsRun): Promise<RetryPlan | 'interrupted' | undefined> {
  const scope = new CancellationScope();
  run.scope = scope;
  try {
    return await scope.run(async () => {
      const wanted = run.state.runNow === true || run.state.owed === true;
      const plan = await planRetries(run, run.state.asked === true ? 'before' : 'first');
      if (!plan) return undefined;
      run.state.asked = true;
      // What its regular process said while the plan was made is newer than what the plan saw.
      if (plan.follow && !(run.goesOn && patched('follow-is-newer'))) {
        run.state.followed = plan.follow;
        throw new CancelledFailure('Its regular process is paused');
      }
      if (plan.types.length === 0 && run.state.pass === undefined) {
        // Nothing was looked for, as after a pause: what needed a person does so still.
        if (!wanted && !plan.due && isStopped(run) && patched('stops-outlast-pauses')) return plan;
        run.state.stopped = {};
        delete run.state.tooMany;
        return plan;
      }
      await retryInOrder(run, plan);
      upsertMemo({ pass: run.state.pass ?? {} });
      // What is open now, for those who look.
      const left = (await planRetries(run, 'after')) ?? plan;
      // A pass that a sick system broke off goes on by its back-off, whatever an earlier one brought about.
      const goesOn = run.state.pass === undefined && (left.dueNow ?? 0) > 0 && movedOn(run);
      // Where a person is needed, what is due waits for the next time.
      if (goesOn && !(isStopped(run) && patched('stop-ends-passes'))) run.state.runNow = true;
      return left;
    });
  } catch (error) {
    if (isCancellation(error)) return 'interrupted';
    throw error;
  } finally {
    run.scope = undefined;
  }
}

/** Whether the last pass brought anything about: then what came due meanwhile is taken at once. */
function movedOn({ state }: ErrorsRun): boolean {
  return Object.values(state.lastPass?.sheets ?? {}).some((sheet) => sheet.healed + sheet.gone + sheet.released > 0);
}

function isStopped({ state }: ErrorsRun): boolean {
  return Object.values(state.stopped).some(({ needs }) => needs === 'person');
}

/** Waits for the next pass, for `runNow`, for children to release, or for a pause, whichever is first. */
async function untilNext(run: ErrorsRun, plan: RetryPlan | undefined): Promise<void> {
  const { state } = run;
  const stops = [...Object.values(state.stopped), ...(state.refused ? [state.refused] : [])];
  const sick = stops.filter(triedAgain);
  state.failures = sick.length > 0 ? state.failures + 1 : 0;
  const due = !plan ? Date.now() + UNPLANNED_WAIT : state.pass ? Date.now() : Date.parse(plan.nextDue);
  const next = sick.length > 0 && plan ? Date.now() + backoff(state.failures, sick, plan.timing) : due;
  state.nextRun = new Date(next).toISOString();
  run.enter(stops.some((stop) => stop.needs === 'person') ? 'stopped' : sick.length > 0 ? 'waiting' : 'idle');
  if (next > Date.now() && !run.wanted) await condition(() => run.wanted, next - Date.now());
  delete state.nextRun;
}
