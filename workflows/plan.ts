import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  sleep,
} from '@temporalio/workflow';
import type { Instant } from '../src/connectors/connector.js';
import { takeDoubts } from '../src/model/clock-doubts.js';
import type { Stop } from '../src/model/stop.js';
import { activityStop } from './activity-stop.js';
import type { Activities, Plan, PlanCycleInput, PlanCycleResult } from './contracts.js';
import { now } from './now.js';
import { forgetOpenUpTo } from './allowance.js';
import { LIST_EVERY } from './next-wake.js';
import type { ProcessRun } from './process-run.js';
import { notePace, quickPlan } from './quick-plan.js';
import { isOwed } from './rests.js';
import { bookmarksOf, type ProcessInput, type ProcessState } from './state.js';
import { tell } from './tell.js';
import { getOwn, setOwn } from '../src/model/keyed.js';

const { planCycle: plan } = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '20 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // Bounded, so that a plan that cannot be made is told of: the next cycle makes another.
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 3 },
});

const broken: Stop = {
  code: 'PlanTimedOut',
  message:
    'Finding out what has changed ended without an answer, three times: it took longer than 5 minutes, or lost its worker, or Temporal.',
  remedy: 'See why the systems or Temporal’s lists answer so slowly, and the workers’ log; it is tried again by itself.',
  needs: 'system',
};

/**
 * What this cycle has to do; undefined where the process as a whole cannot run, which the state
 * then says. @throws ApplicationFailure where the very first plan is refused: the start was wrong.
 */
export async function planCycle(run: ProcessRun, input: ProcessInput): Promise<Plan | undefined> {
  const { state } = run;
  const first = state.digest === undefined;
  const asked = state.runNow === true;
  const answer = await askWhenQuiet(run, first ? input.bookmarks : undefined);
  if (answer.kind === 'plan') {
    delete state.stopped;
    delete state.owed;
    takeWantedPlan(run, answer.plan);
    return answer.plan;
  }
  if (asked) state.owed = true;
  if (answer.kind === 'broken') {
    state.stopped = broken;
    return undefined;
  }
  if (first) throw ApplicationFailure.nonRetryable(answer.message, answer.code);
  state.stopped = {
    code: answer.code,
    message: answer.message,
    remedy: 'Mend the definition in the worker’s folder; the process looks again by itself.',
    needs: 'person',
  };
  return undefined;
}

/** Whether it is the plan that was asked for was found out with it. */
function takeWantedPlan(run: ProcessRun, { other }: Plan): void {
  const { wantedPlan } = run.state;
  if (wantedPlan === undefined) return;
  delete run.state.wantedPlan;
  if (other !== undefined)
    run.ignore(`runNow asked for the plan ${wantedPlan}, and the plan is ${other} now: the definition or a system is another. Plan anew`);
}

type Answer = Exclude<PlanCycleResult, { kind: 'busy' | 'elsewhere' }> | { kind: 'broken' };

/**
 * Workers at odds, one after another, after which the next one is to answer all the same: few where
 * the process only starts and its name may be wrong. One that ran belongs to another worker, most
 * likely, and of two workers the wrong one may well answer several times.
 */
const MOST_AT_START = 3;
const MOST = 10;
/** The longest pause between two of them, in milliseconds. */
const LONGEST = 8_000;
/** Milliseconds for which a worker at odds is told of after it last said so. */
const ODDS_TOLD = 10 * 60_000;

/** Of a worker that has the process, and once what an earlier one left does not write any more. */
async function askWhenQuiet(run: ProcessRun, startBookmarks: unknown): Promise<Answer> {
  const { state } = run;
  const { runNow } = state;
  const most = state.digest === undefined ? MOST_AT_START : MOST;
  for (let elsewhere = 0; ;) {
    const answer = await ask(run, startBookmarks, elsewhere >= most);
    if (answer.kind === 'elsewhere') {
      const { worker, message } = answer;
      state.atOdds = { worker, message, when: now() };
      if (runNow) state.runNow = true;
      run.publish();
      await sleep(Math.min(500 * 2 ** elsewhere, LONGEST), { summary: 'Another worker may have this process' });
      elsewhere += 1;
      continue;
    }
    if (answer.kind !== 'busy') return answer;
    await sleep(Math.max(500, Date.parse(answer.until) - Date.now()), { summary: 'A child of an earlier process still finishes' });
  }
}

/** Whether what is known of errored records is to be compared with their list. */
function isListDue({ rows }: ProcessRun['state']): boolean {
  return rows?.listedAt === undefined || Date.parse(rows.listedAt) + LIST_EVERY <= Date.now();
}

async function ask(run: ProcessRun, startBookmarks: unknown, insist: boolean): Promise<PlanCycleResult | { kind: 'broken' }> {
  const { state } = run;
  const lastDone = Object.fromEntries(
    Object.entries(state.types).flatMap(([name, type]) => (type.lastDone !== undefined && !isOwed(type) ? [[name, type.lastDone]] : [])),
  );
  // One that was asked for while no plan could be made is made up for.
  const runNow = state.runNow === true || state.owed === true;
  const rests = Object.entries(state.types).flatMap(([name, type]) =>
    type.rests !== undefined && type.rests > now() ? [[name, type.rests]] : [],
  );
  const failures = Object.entries(state.types).flatMap(([name, type]) => (type.failures ? [[name, type.failures]] : []));
  delete state.runNow;
  delete state.goOn;
  const { lastLook } = state.errors;
  const input: PlanCycleInput = {
    v: 1,
    process: run.process,
    began: state.began,
    bookmarks: bookmarksOf(state),
    ...(startBookmarks !== undefined ? { startBookmarks } : {}),
    lastDone,
    runNow,
    ...(state.wantedPlan !== undefined && runNow ? { plan: state.wantedPlan } : {}),
    acceptSystems: state.acceptSystems === true,
    list: isListDue(state),
    ...(state.digest !== undefined ? { digest: state.digest } : {}),
    ...(state.changedAt !== undefined ? { changedAt: state.changedAt } : {}),
    ...(insist ? { insist } : {}),
    ...(lastLook !== undefined ? { lastErrorsLook: lastLook } : {}),
    ...(rests.length > 0 ? { rests: Object.fromEntries(rests) as Record<string, Instant> } : {}),
    ...(rests.length > 0 && state.digest !== undefined ? { restsUnder: state.digest } : {}),
    ...(failures.length > 0 ? { failures: Object.fromEntries(failures) as Record<string, number> } : {}),
  };
  try {
    const quick = await quickPlan(state, input);
    if (quick) return quick;
    const planning = Date.now();
    const summary = runNow ? 'What has changed? (asked for now)' : 'What is due, and has changed?';
    const answer = await plan.executeWithOptions({ summary }, [input]);
    notePace(state, planning);
    return answer;
  } catch (error) {
    if (isCancellation(error)) {
      if (runNow) state.runNow = true;
      throw error;
    }
    // Only a defect is never tried again; anything else was, in vain: a time-out, a lost worker, a
    // Temporal that did not answer.
    if (error instanceof ActivityFailure && !(error.cause instanceof ApplicationFailure && error.cause.nonRetryable === true))
      return { kind: 'broken' };
    if (error instanceof ActivityFailure) return { kind: 'refused', ...activityStop(error, 'Planning the cycle', 'the next one') };
    throw error;
  }
}

/**
 * Takes the plan into the state: bookmarks as they were checked, types that have caught up, what
 * cannot run.
 */
export function applyPlan(run: ProcessRun, plan: Plan): void {
  const { state } = run;
  if (state.digest !== undefined && state.digest !== plan.digest) changeDefinition(run);
  state.digest = plan.digest;
  if (plan.changedAt !== undefined) state.changedAt = plan.changedAt;
  if (state.atOdds && Date.parse(state.atOdds.when) + ODDS_TOLD < Date.now()) delete state.atOdds;
  if (plan.definitionProblem !== undefined) state.definitionProblem = plan.definitionProblem;
  else delete state.definitionProblem;
  state.timing = plan.timing;
  takeRows(state, plan);
  if (state.rows) forgetOpenUpTo(state, state.rows.open);
  const known = new Set(plan.types.map((type) => type.entityType));
  for (const [name, type] of Object.entries(state.types)) if (!known.has(name)) delete type.stopped;
  for (const planned of plan.types) {
    const type = getOwn(state.types, planned.entityType) ?? setOwn(state.types, planned.entityType, {});
    if (planned.uses) type.direction = planned.uses.join(' → ');
    // A type that is not tried in this cycle is as stopped as it was.
    if (planned.due || type.stopped?.code === 'SystemsChanged') delete type.stopped;
    if (planned.stopped) type.stopped = planned.stopped;
    if (planned.passedOver) type.passedOver = true;
    else if (planned.stopped) delete type.passedOver;
    if (run.rewound.has(planned.entityType)) continue;
    if (planned.bookmark) type.bookmark = planned.bookmark;
    if (planned.takenBack) type.takenBack = { ...planned.takenBack, when: now() };
    if (planned.due && !planned.stopped && !planned.hasChanges && planned.horizon !== undefined) {
      const bound = planned.believed ?? planned.horizon;
      // One that lies beyond the horizon, as `since` may, stays where it is.
      const at = type.bookmark && type.bookmark.at > bound ? type.bookmark.at : bound;
      type.bookmark = { v: 1, at, systems: planned.systems };
      type.lastDone = now();
    }
  }
  takeDoubts(state, plan.clocks, new Set(plan.types.flatMap(({ uses = [] }) => uses)));
  if (plan.types.every((type) => type.stopped?.code !== 'SystemsChanged')) delete state.acceptSystems;
}

/**
 * What failed under another definition does not count any more, and what that may have been wrong
 * with is to be listed.
 */
function changeDefinition({ process, state }: ProcessRun): void {
  tell('info', 'The definition changed', { process });
  state.digestSince = now();
  for (const name of Object.keys(state.errors.tooMany ?? {})) delete state.errors.failing?.[name];
  delete state.errors.tooMany;
}

/** What the list shows: what is due at once is tried in this cycle. */
function takeRows(state: ProcessState, { rows, leftOver }: Plan): void {
  if (!rows) return;
  const { wake: _wake, parentsCame: _came, ...known } = rows;
  state.rows = { ...known, listedAt: now() };
  if (rows.dueAtOnce > 0) state.errors.wake = true;
  if (leftOver) state.errors.leftOver = leftOver;
  else delete state.errors.leftOver;
}
