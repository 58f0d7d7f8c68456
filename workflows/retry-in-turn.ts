import { CancellationScope, upsertMemo } from '@temporalio/workflow';
import { marked } from '../src/model/markdown.js';
import { takeReleased } from './allowance.js';
import { backoff, triedAgain } from './backoff.js';
import type { ErrorProcessInput, Plan } from './contracts.js';
import type { ErrorsState } from './errors/state.js';
import { errorsId } from './ids.js';
import { now } from './now.js';
import type { ProcessRun } from './process-run.js';
import { childFailed } from './child-failed.js';
import { definitionOf, planAnew } from './sync-in-order.js';
import { expectGoingOn, grantTurn } from './turn.js';
import { errorProcessResult, type ErrorProcessResult } from '../src/model/turns.js';
import type { Pass } from '../src/model/pass.js';
import type { KnownRows } from '../src/model/known-rows.js';

/** A turn of retries, where one is due: the pass that goes on, or a new one over what is due. */
export async function retryInTurn(run: ProcessRun, plan: Plan): Promise<void> {
  const { errors } = run.state;
  if (!isDue(run, plan)) return;
  const pass = errors.pass ?? newPass(errors);
  // Those that it tried already have not been tried since it was asked for.
  if (errors.pass && errors.runNow) pass.again = true;
  errors.pass = pass;
  delete errors.runNow;
  delete errors.wake;
  const result = await retry(run, plan, pass);
  if (typeof result === 'object') take(run, plan, result);
  else if (result === 'failed') {
    errors.stopped = { all: childFailed(errorsId(run.process)) };
    letRest(run, plan, true);
  }
  upsertMemo({ pass: errors.pass ?? {} });
  run.publish();
  expectGoingOn();
}

function newPass(errors: ErrorsState): Pass {
  const { runNow, parentsCame } = errors;
  delete errors.parentsCame;
  return { began: now(), sheets: {}, ...(runNow ? { all: true as const } : {}), ...(parentsCame ? { parentsCame } : {}) };
}

/** Whether errored records are to be tried now. Notes that it looked where it is time to. */
function isDue({ state }: ProcessRun, plan: Plan): boolean {
  const { errors, rows } = state;
  if (errors.pause && (errors.pause.until ?? FOR_EVER) <= now()) delete errors.pause;
  if (errors.pause) return false;
  if (errors.runNow && isAnyOpen(rows)) return true;
  delete errors.runNow;
  if (errors.rests !== undefined && errors.rests > now()) return false;
  if (errors.pass || errors.wake) return true;
  if (!plan.errors.due || !rows) return false;
  errors.lastLook = now();
  return rows.dueAtOnce > 0 || (rows.nextRetryAt ?? FOR_EVER) <= now();
}

/** Whether a row is open that may be tried; where that is not known, one may be. */
function isAnyOpen(rows: KnownRows | undefined): boolean {
  return rows === undefined || Object.keys(rows.open).length > 0;
}

/** Later than any instant. */
const FOR_EVER = '9';

/** In a scope of its own: it may be paused by itself. */
async function retry(run: ProcessRun, plan: Plan, pass: Pass): Promise<ErrorProcessResult | 'failed' | 'cancelled'> {
  const child = { type: 'errorProcess', id: errorsId(run.process), summary: marked`Errored records of ${run.process}` };
  const scope = new CancellationScope();
  run.retrying = scope;
  try {
    return await scope.run(() =>
      grantTurn(run, child, plan.timing, { input: () => inputOf(run, plan, pass), result: errorProcessResult() }),
    );
  } finally {
    run.retrying = undefined;
  }
}

function inputOf({ process, state }: ProcessRun, plan: Plan, pass: Pass): ErrorProcessInput {
  const { timing } = plan;
  const { failing } = state.errors;
  return {
    ...{ v: 1, process, ...definitionOf(plan), pass, timing, turnEnds: Date.now() + timing.turn },
    ...(failing ? { failing } : {}),
    ...(state.openUpTo !== undefined ? { openUpTo: state.openUpTo } : {}),
  };
}

function take(run: ProcessRun, plan: Plan, { pass, done, stopped, failing, cancelled, lost }: ErrorProcessResult): void {
  const { errors } = run.state;
  if (!run.accepted) takeReleased(errors, failing, stopped, done);
  errors.pass = pass;
  errors.stopped = stopped;
  if (cancelled) return;
  if (Object.values(stopped).some(({ code }) => code === 'DefinitionChanged')) {
    errors.stopped = {};
    planAnew(run);
    return;
  }
  // What a sick system kept from being tried is tried in this same pass, once it is well.
  if (done && !Object.values(stopped).some(triedAgain)) endPass(run, pass);
  letRest(run, plan, lost === true);
}

/**
 * What came due meanwhile is taken at once, where the pass brought anything about and no person is
 * needed.
 */
function endPass({ state: { errors, rows } }: ProcessRun, { began, sheets, again }: Pass): void {
  errors.lastPass = { began, ended: now(), sheets };
  delete errors.pass;
  if (again) errors.runNow = true;
  const moved = Object.values(sheets).some(({ healed, gone, released }) => healed + gone + released > 0);
  const needsPerson = Object.values(errors.stopped).some(({ needs }) => needs === 'person');
  if ((moved && !needsPerson && (rows?.dueAtOnce ?? 0) > 0) || errors.parentsCame) errors.wake = true;
}

/**
 * After a system's failure it is left alone, ever longer; what ended otherwise than in order waits
 * for its next time.
 */
function letRest({ state: { errors } }: ProcessRun, { timing, errors: { nextDue } }: Plan, lost: boolean): void {
  const sick = Object.values(errors.stopped).filter(triedAgain);
  errors.failures = sick.length > 0 ? errors.failures + 1 : 0;
  if (sick.length > 0) errors.rests = new Date(Date.now() + backoff(errors.failures, sick, timing)).toISOString();
  else if (lost && Object.keys(errors.stopped).length > 0) errors.rests = nextDue;
  else delete errors.rests;
}
