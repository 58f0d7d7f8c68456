import { Context as ActivityContext } from '@temporalio/activity';
import type { ActiveProcess } from '../src/assembly/active-process.js';
import type { Context } from '../src/connectors/connector.js';
import { stopOf } from '../src/errors/stop-of.js';
import { Cancelled, SystemFailure } from '../src/errors/system-failure.js';
import { Judging } from '../src/sync/judging.js';
import { retryRecords, type RetryWork } from '../src/sync/retry.js';
import type { EntityTypeParts } from '../src/sync/parts.js';
import type { RetryErroredInput, RetryHeartbeat, RetryResult, RetrySheet } from '../workflows/contracts.js';
import { noRetries } from '../workflows/errors/state.js';
import { definitionChanged } from './definition-changed.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heart.js';
import { lookAgain } from './look-again.js';
import { openRows } from './open-rows.js';
import { handedOver } from './handed-over.js';
import { getOwn } from '../src/model/keyed.js';

/** Records tried together: one look-up and one bundle for many. What a source is asked for at once, 8 records, divides it, and it divides a batch. */
const TOGETHER = 40;

/**
 * Tries a batch of errored records again, some at a time. A retry of a lost attempt goes on behind those that its heartbeat says are done, and has those it leaves looked at
 * again, since they may have been begun. A system's failure comes back as data; cancelled, it returns what is done once nothing is in flight.
 */
export async function retryErrored(input: RetryErroredInput, dependencies: ActivityDependencies): Promise<RetryResult> {
  const activity = ActivityContext.current();
  const beat = activity.info.heartbeatDetails as RetryHeartbeat | undefined;
  const before = input.failing ? { failing: input.failing } : {};
  let state: RetryHeartbeat = beat?.v === 1 ? { ...before, ...beat } : { v: 1, sheet: noRetries, done: 0, ...before };
  const result = await withHeartbeat(
    () => state,
    async (): Promise<RetryResult> => {
      const ended = await tryAll(input, state, (next) => (state = next), dependencies);
      const left = input.rows.slice(state.done);
      if (left.length > 0 && activity.info.attempt > 1) await lookAgain({ ...input, rows: left }, dependencies);
      const { v: _v, ...progress } = state;
      return { ...progress, ...ended };
    },
  );
  if (result.cancelled && activity.cancellationDetails?.workerShutdown) throw handedOver();
  return result;
}

/** @returns why it ended before all were tried. */
async function tryAll(
  { process, entityType, digest, rows, openUpTo }: RetryErroredInput,
  begun: RetryHeartbeat,
  onDone: (state: RetryHeartbeat) => void,
  dependencies: ActivityDependencies,
): Promise<Pick<RetryResult, 'stopped' | 'cancelled'>> {
  const { cancellationSignal: signal, info } = ActivityContext.current();
  const found = await dependencies.integrations.find(process);
  const parts = 'missing' in found ? undefined : getOwn(found.active.parts, entityType);
  if ('missing' in found || found.active.process.digest !== digest || !parts) return { stopped: definitionChanged(found) };
  const { http, log } = dependencies;
  const c: Context = { signal, http, log };
  let state = begun;
  let released = 0;
  try {
    const open = await workOf(found.active, parts, dependencies);
    const judging = new Judging(open.rows, openUpTo, begun.failing);
    const work: RetryWork = {
      ...open,
      ...(info.attempt > 1 ? { lost: true as const } : {}),
      judging,
      onReleased: (children: number) => void (released += children),
    };
    while (state.done < rows.length) {
      if (signal.aborted) return { cancelled: true };
      const ids = rows.slice(state.done, state.done + TOGETHER).map(({ id }) => id);
      released = 0;
      const outcomes = await retryRecords(ids, parts, work, c);
      // Of those before a stop some are not told, and so are due still.
      state = {
        v: 1,
        sheet: counted(state.sheet, [...outcomes.values()], released),
        done: state.done + (judging.told ? 0 : ids.length),
        ...(judging.failing ? { failing: judging.failing } : {}),
      };
      onDone(state);
      if (judging.told) break;
    }
    return judging.stop ? { stopped: judging.stop } : {};
  } catch (error) {
    if (error instanceof Cancelled) return { cancelled: true };
    if (error instanceof SystemFailure) return { stopped: stopOf(error, undefined) };
    throw error;
  }
}

async function workOf(active: ActiveProcess, parts: EntityTypeParts, dependencies: ActivityDependencies): Promise<RetryWork> {
  const connector = getOwn(active.connectors, parts.definition.from.system);
  if (!connector) throw new Error(`System ${parts.definition.from.system} is not connected`);
  return {
    rows: await openRows(active, dependencies),
    types: active.parts,
    expectHealthy: async (c) => void (await connector.horizon(c)),
    now: () => new Date(dependencies.now()).toISOString(),
  };
}

function counted(sheet: RetrySheet, outcomes: ('healed' | 'failing' | 'gone')[], released: number): RetrySheet {
  const sum = { ...sheet, tried: sheet.tried + outcomes.length, released: sheet.released + released };
  for (const outcome of outcomes) sum[outcome] += 1;
  return sum;
}
