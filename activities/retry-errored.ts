import { setTimeout as pause } from 'node:timers/promises';
import { Context as ActivityContext } from '@temporalio/activity';
import type { ActiveProcess } from '../src/assembly/active-process.js';
import type { Context } from '../src/connectors/connector.js';
import { Cancelled } from '../src/errors/system-failure.js';
import { dependenciesOf } from '../src/definition/parents.js';
import { getOwn } from '../src/model/keyed.js';
import type { InHand } from '../src/sync/in-hand.js';
import type { RetryErroredInput, RetryHeartbeat } from '../workflows/contracts.js';
import { parentStopped } from '../workflows/parent-stopped.js';
import { definitionChanged } from './definition-changed.js';
import { handBack } from './hand-back.js';
import type { ActivityDependencies } from './dependencies.js';
import { knownOf, openRows } from './open-rows.js';
import { RetryPass } from './retry-pass.js';
import { retryType } from './retry-type.js';
import { withInHand } from './with-in-hand.js';
import { workContext } from './work-context.js';
import { retryStateSchema } from '../src/model/pass.js';
import type { RetryErroredResult } from '../src/model/turns.js';

/** Milliseconds by which lists may lag behind what rows were just told. */
const LISTS_LAG = 1_000;

/**
 * Tries the errored records again that are due, entity type by entity type in order, oldest first,
 * for about a minute. A retry of a lost attempt goes on where its heartbeat says. What depends on a
 * type that a system's failure stopped is left for the next pass. Cancelled, it returns what is
 * done once nothing is in flight.
 */
export async function retryErrored(input: RetryErroredInput, dependencies: ActivityDependencies): Promise<RetryErroredResult> {
  const { info } = ActivityContext.current();
  const state = stateOf(input, info.heartbeatDetails as RetryHeartbeat | undefined);
  const found = await dependencies.integrations.find(input.process);
  handBack(found, input, dependencies);
  if ('missing' in found || found.active.process.digest !== input.digest)
    return { ...state, done: false, stopped: { all: definitionChanged(found) } };
  const { active } = found;
  const { slots, now, softLimit } = dependencies;
  const c = workContext(dependencies);
  const pass = new RetryPass(state, { openUpTo: input.openUpTo, ends: now() + Math.min(softLimit, input.time) });
  return withInHand(
    () => pass.state,
    { c, slots },
    async (inHand) => {
      await pause(LISTS_LAG, undefined, { signal: c.signal }).catch(cancelled);
      return overTypes(active, pass, inHand, c, dependencies);
    },
  );
}

function cancelled(): never {
  throw new Cancelled('Cancelled while lists catch up');
}

function stateOf({ pass, failing, stopped }: RetryErroredInput, beat: RetryHeartbeat | undefined): Omit<RetryHeartbeat, 'v' | 'inHand'> {
  const told = beat?.v === 1 ? retryStateSchema().safeParse(beat).data : undefined;
  return told ?? { pass, failing: failing ?? {}, stopped: stopped ?? {} };
}

async function overTypes(
  active: ActiveProcess,
  pass: RetryPass,
  inHand: InHand,
  c: Context,
  dependencies: ActivityDependencies,
): Promise<RetryErroredResult> {
  const rows = await openRows(active, dependencies);
  const end = (done: boolean): RetryErroredResult => ({ ...pass.state, done, rows: knownOf(rows, active, dependencies) });
  for (const entityType of active.process.entityTypes) {
    const { name } = entityType;
    if (pass.isBehind(name, active.process.entityTypes)) continue;
    const due = pass.due(entityType, rows.open, active.process.digest);
    if (due.length === 0) continue;
    const parent = dependenciesOf(entityType).find((each) => pass.keeps(each));
    if (parent !== undefined) {
      pass.stop(name, parentStopped(parent, getOwn(pass.state.stopped, parent)));
      continue;
    }
    pass.begin(name);
    const parts = getOwn(active.parts, name);
    if (!parts) throw new Error(`${name} has no parts`);
    const how = await retryType(due, parts, pass, { active, rows, inHand, dependencies }, c);
    if (how === 'cancelled') return { ...end(false), cancelled: true };
    if (how === 'time is over') return end(false);
  }
  pass.end();
  return end(true);
}
