import type { Stop } from '../src/model/stop.js';
import { triedAgain } from './backoff.js';
import type { Plan } from './contracts.js';
import type { ProcessRun } from './process-run.js';
import { endRests, letRest, nextRecheck, nextLook } from './rests.js';
import type { ProcessState } from './state.js';
import { tellStops } from './tell.js';

/** How long to wait where not even a plan could be made. */
const UNPLANNED_WAIT = 60_000;

/** Milliseconds after which the list of errored records is compared with what is known of them. */
export const LIST_EVERY = 3_600_000;

/**
 * At the end of a cycle: shows how the process stands. @returns when the next cycle begins by
 * itself, in milliseconds since the epoch.
 */
export function nextWake(run: ProcessRun, plan: Plan | undefined): number {
  const { state } = run;
  const stops = stopsOf(state);
  const sick = stops.filter(triedAgain);
  state.failures = sick.length > 0 ? state.failures + 1 : 0;
  if (sick.length === 0) endRests(state);
  else if (plan) letRest(state, plan);
  const changes = nextChanges(state, plan, sick);
  state.nextRun = new Date(changes).toISOString();
  tellStops(run.process, state);
  const retries = nextRetries(state, plan);
  if (retries < Infinity) state.errors.nextRun = new Date(retries).toISOString();
  const both = [...stops, ...Object.values(state.errors.stopped)];
  run.enter(both.some(({ needs }) => needs === 'person') ? 'stopped' : both.some(triedAgain) ? 'waiting' : 'idle');
  // While types rest, a corrected definition is not to wait until they have rested.
  const recheck = sick.length > 0 && plan ? nextRecheck(plan) : Infinity;
  const { listedAt } = state.rows ?? {};
  const list = listedAt === undefined ? Infinity : Date.parse(listedAt) + LIST_EVERY;
  return Math.min(changes, retries, recheck, list);
}

function stopsOf({ types, stopped }: ProcessState): Stop[] {
  return [...Object.values(types).flatMap((type) => type.stopped ?? []), ...(stopped ? [stopped] : [])];
}

function nextChanges(state: ProcessState, plan: Plan | undefined, sick: Stop[]): number {
  if (!plan) return Date.now() + UNPLANNED_WAIT;
  return sick.length > 0 ? nextLook(state, plan) : Math.min(...plan.types.map(({ nextDue }) => Date.parse(nextDue)));
}

function nextRetries({ errors, rows }: ProcessState, plan: Plan | undefined): number {
  const { pause, rests, pass } = errors;
  if (!plan) return Infinity;
  if (pause) return pause.until === undefined ? Infinity : Date.parse(pause.until);
  const rested = rests === undefined ? 0 : Date.parse(rests);
  if (pass || errors.wake) return Math.max(rested, Date.now());
  if (rows?.dueAtOnce === 0 && rows.nextRetryAt === undefined) return Infinity;
  const due = rows?.dueAtOnce ? 0 : Date.parse(rows?.nextRetryAt ?? plan.errors.nextDue);
  return Math.max(rested, due, Date.parse(plan.errors.nextDue));
}
