import { ActivityFailure, CancellationScope, CancelledFailure, ChildWorkflowFailure, isCancellation, patched } from '@temporalio/workflow';
import { triedAgain } from '../backoff.js';
import type { EntityRetryInput, EntityRetryResult, RetryPlan } from '../contracts.js';
import type { entityRetry } from '../entity-retry.js';
import { retryId } from '../ids.js';
import { now } from '../now.js';
import { childFailed, parentStopped, runChild } from '../run-child.js';
import type { ErrorsRun } from './errors-run.js';
import { isTooMany, takeFailures } from './excuse.js';
import { retryActivities } from './retry-activities.js';
import { addSheets } from '../sheets.js';
import { noRetries, type Pass } from './state.js';
import { getOwn, setOwn } from '../../src/model/keyed.js';
import { marked } from '../../src/model/markdown.js';

/** One pass, or the rest of one: a child for each entity type that has due rows, parents first. What depends on a stopped type is left for the next. */
export async function retryInOrder(run: ErrorsRun, plan: RetryPlan): Promise<void> {
  const { state } = run;
  const pass: Pass = (state.pass ??= { began: now(), done: [], after: {}, sheets: {} });
  state.stopped = {};
  run.enter('running');
  // Children that were left make their row due: where none is, none is left.
  for (const name of Object.keys(state.tooMany ?? {}))
    if (!plan.types.some(({ entityType }) => entityType === name)) delete state.tooMany?.[name];
  for (const { entityType, dependsOn } of plan.types) {
    if (pass.done.includes(entityType)) continue;
    // Where too many children failed, all rows were tried that were due.
    const parent = dependsOn.find((name) => {
      const stop = getOwn(state.stopped, name);
      return stop && !isTooMany(stop);
    });
    if (parent !== undefined) {
      setOwn(state.stopped, entityType, parentStopped(parent, getOwn(state.stopped, parent)));
      continue;
    }
    take(run, pass, entityType, await retryOne(run, plan, pass, entityType));
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Paused or cancelled');
    if (getOwn(state.stopped, entityType)?.code === 'DefinitionChanged') {
      delete state.stopped[entityType];
      // Workers that hold different definitions, as while they are replaced, must not be asked in turns without rest.
      if (state.changedIn !== state.cycle - 1) state.runNow = true;
      state.changedIn = state.cycle;
      break;
    }
  }
  // What a sick system kept from being tried is tried in this same pass, once it is well.
  if (Object.values(state.stopped).some(triedAgain)) return;
  state.lastPass = { began: pass.began, ended: now(), sheets: pass.sheets };
  delete state.pass;
}

function take({ state, accepted }: ErrorsRun, pass: Pass, entityType: string, result: EntityRetryResult): void {
  setOwn(pass.sheets, entityType, addSheets(getOwn(pass.sheets, entityType) ?? noRetries, result.sheet));
  if (result.after) setOwn(pass.after, entityType, result.after);
  if (result.stopped) setOwn(state.stopped, entityType, result.stopped);
  if (!accepted) takeFailures(state, entityType, result);
  if (!result.done) return;
  pass.done.push(entityType);
  delete pass.after[entityType];
}

async function retryOne(run: ErrorsRun, plan: RetryPlan, pass: Pass, entityType: string): Promise<EntityRetryResult> {
  const child = retryId(run.process, entityType);
  const after = getOwn(pass.after, entityType);
  const failing = getOwn(run.state.failing, entityType);
  const openUpTo = Math.max(run.state.openUpTo ?? 0, plan.openUpTo ?? 0);
  const input: EntityRetryInput = {
    v: 1,
    process: run.process,
    entityType,
    digest: plan.digest,
    until: pass.began,
    timing: plan.timing,
    ...(after ? { after } : {}),
    ...(failing ? { failing } : {}),
    ...(openUpTo > 0 ? { openUpTo } : {}),
  };
  run.child = child;
  run.accepted = false;
  run.publish();
  try {
    return await runChild<typeof entityRetry>('entityRetry', child, input, marked`${entityType}: errored records due by ${pass.began}`);
  } catch (error) {
    const nothing = { v: 1 as const, sheet: noRetries, done: false };
    if (isCancellation(error)) return { ...nothing, cancelled: true };
    if (!(error instanceof ChildWorkflowFailure)) throw error;
    await haveLookedAt(input);
    return { ...nothing, stopped: childFailed(child) };
  } finally {
    run.child = undefined;
  }
}

/** A child that was terminated had a batch in hand: were its worker lost with it, nobody else would look at what that wrote. */
async function haveLookedAt({ process, entityType, timing }: EntityRetryInput): Promise<void> {
  if (!patched('terminated-batch-is-looked-at')) return;
  const { lookAgainAfter } = retryActivities(timing);
  const summary = marked`${entityType}: what its child had in hand is to be looked at again`.text;
  try {
    await CancellationScope.nonCancellable(() => lookAgainAfter.executeWithOptions({ summary }, [{ v: 1, process, entityType }]));
  } catch (error) {
    // The worker's log says why; that the child ended is told anyway.
    if (!(error instanceof ActivityFailure)) throw error;
  }
}
