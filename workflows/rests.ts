import type { Stop } from '../src/model/stop.js';
import { backoff, triedAgain } from './backoff.js';
import type { Plan } from './contracts.js';
import { downBy, speaksOfSystem } from './down.js';
import type { ProcessState, TypeState } from './state.js';
import { getOwn, setOwn } from '../src/model/keyed.js';

/**
 * Whether a type goes on as soon as it can, whatever its cadence: nothing of its own keeps it, and
 * it may have stopped in a cycle that was asked for before it was due.
 */
export function isOwed({ stopped }: TypeState): boolean {
  return stopped !== undefined && (triedAgain(stopped) || stopped.code === 'ParentStopped');
}

/** By which other type's stop a system that a type needs is down as a whole. */
export function downOf({ types }: ProcessState, plan: Plan, uses: string[] = []): Stop | undefined {
  if (uses.length === 0) return undefined;
  const stops = plan.types.flatMap(({ entityType }) => getOwn(types, entityType)?.stopped ?? []);
  return uses.map((system) => downBy(system, stops, hasAnswered(system, plan))).find((stop) => stop !== undefined);
}

/** Whether a system said of a type, while this cycle was planned, what has changed. */
function hasAnswered(system: string, { types }: Plan): boolean {
  return types.some(({ due, stopped, horizon, uses }) => due && !stopped && horizon !== undefined && uses?.[0] === system);
}

/** Whether a type that needs a system got to its horizon in this cycle, or as far as its time. */
function hasServed(system: string, state: ProcessState, { types }: Plan): boolean {
  return types.some(
    ({ entityType, due, hasChanges, stopped, uses }) =>
      due && hasChanges && !stopped && !getOwn(state.types, entityType)?.stopped && uses?.includes(system) === true,
  );
}

/**
 * What stopped a type, until when it rests by that alone, and whether it was found in this cycle.
 */
interface Own {
  stop: Stop;
  until: number;
  fresh: boolean;
}

/**
 * At the end of a cycle: how long each type is left alone. One that a system's failure stopped
 * rests by its own back-off, and what depends on it as long; where the system is down as a whole,
 * so does every type that needs it. What was found earlier does not count once more towards that.
 */
export function letRest(state: ProcessState, plan: Plan): void {
  const own = new Map<string, Own>();
  for (const { entityType, due } of plan.types) {
    const type = getOwn(state.types, entityType) ?? setOwn(state.types, entityType, {});
    const { stopped: stop, rests } = type;
    if (!stop || stop.code === 'ParentStopped' || !triedAgain(stop)) delete type.failures;
    // Its next turn comes before theirs that failed.
    else if (type.passedOver) continue;
    else if (!due && rests !== undefined) own.set(entityType, { stop, until: Date.parse(rests), fresh: false });
    else {
      type.failures = (type.failures ?? 0) + 1;
      own.set(entityType, { stop, until: Date.now() + backoff(type.failures, [stop], plan.timing), fresh: true });
    }
  }
  const answered = (system: string): boolean => hasAnswered(system, plan) || hasServed(system, state, plan);
  const kept = new Map<string, number>();
  for (const { entityType, dependsOn, due, uses = [] } of plan.types) {
    const parents = dependsOn.map((parent) => kept.get(parent) ?? 0);
    kept.set(entityType, Math.max(own.get(entityType)?.until ?? 0, ...parents));
    const type = getOwn(state.types, entityType) ?? setOwn(state.types, entityType, {});
    const known = !due && !uses.every((system) => wasAsked(system, plan)) ? restLeft(type) : 0;
    const until = Math.max(
      kept.get(entityType) ?? 0,
      known,
      ...uses.map((system) => downUntil(system, [...own.values()], answered(system))),
    );
    if (until > 0) type.rests = new Date(until).toISOString();
    else delete type.rests;
  }
}

/** Nothing fails any more: the next failure is a first one. */
export function endRests({ types }: ProcessState): void {
  for (const type of Object.values(types)) {
    delete type.failures;
    delete type.rests;
  }
}

/**
 * Until when a system is asked nothing; 0 where it is not down. Types that always fail, asked in
 * turns, do not keep the others from being asked.
 */
function downUntil(system: string, own: Own[], answered: boolean): number {
  const its = own.filter(({ stop, fresh }) => stop.system === system && (fresh ? speaksOfSystem(stop) : downBy(system, [stop])));
  const stops = its.map(({ stop }) => stop);
  return downBy(system, stops, answered) ? Math.max(...its.map(({ until }) => until)) : 0;
}

/** Whether anything was asked of a system in this cycle: otherwise nothing new is known of it. */
function wasAsked(system: string, { types }: Plan): boolean {
  return types.some(({ due, uses }) => due && uses?.includes(system));
}

function restLeft({ rests }: TypeState): number {
  const until = rests === undefined ? 0 : Date.parse(rests);
  return until > Date.now() ? until : 0;
}

/**
 * When the next cycle begins by itself: once the first type is due that is not left alone, or has
 * been for long enough.
 */
export function nextLook({ types }: ProcessState, plan: Plan): number {
  return Math.min(
    ...plan.types.map(({ entityType, nextDue }) => {
      const type = getOwn(types, entityType) ?? {};
      const [due, rests] = [Date.parse(nextDue), type.rests === undefined ? undefined : Date.parse(type.rests)];
      if (rests === undefined) return due;
      return isOwed(type) ? rests : Math.max(due, rests);
    }),
  );
}

/**
 * Milliseconds after which a process all of whose types rest looks at its definition again: a
 * corrected one ends the rest.
 */
const LOOKS_AT_DEFINITION = 60_000;

/** When the definition is looked at again at the latest, though no type is to be tried by then. */
export function nextRecheck({ timing }: Plan): number {
  return Date.now() + Math.min(LOOKS_AT_DEFINITION, timing.backoffLongest);
}
