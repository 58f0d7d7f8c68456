import { Context as ActivityContext } from '@temporalio/activity';
import type { ActiveProcess } from '../src/assembly/active-process.js';
import type { Context } from '../src/connectors/connector.js';
import { stopOf } from '../src/errors/stop-of.js';
import { Cancelled, SystemFailure } from '../src/errors/system-failure.js';
import { retryRecords, type RetryWork } from '../src/sync/retry.js';
import type { EntityTypeParts } from '../src/sync/parts.js';
import type { RetryErroredInput, RetryHeartbeat, RetryResult, RetrySheet } from '../workflows/contracts.js';
import { noRetries } from '../workflows/errors/state.js';
import { definitionChanged } from './definition-changed.js';
import type { ActivityDependencies } from './dependencies.js';
import { withHeartbeat } from './heart.js';
import { openRows } from './open-rows.js';
import { handedOver } from './handed-over.js';

/** Records tried together: one look-up and one bundle for many. */
const TOGETHER = 50;

/**
 * Tries a batch of errored records again, some at a time. A retry of a lost attempt goes on behind those that its heartbeat says are done. A system's failure comes
 * back as data; cancelled, it returns what is done once nothing is in flight.
 */
export async function retryErrored(input: RetryErroredInput, dependencies: ActivityDependencies): Promise<RetryResult> {
  const activity = ActivityContext.current();
  const beat = activity.info.heartbeatDetails as RetryHeartbeat | undefined;
  let state: RetryHeartbeat = beat?.v === 1 ? beat : { v: 1, sheet: noRetries, done: 0 };
  const found = await dependencies.integrations.find(input.process);
  const parts = 'missing' in found ? undefined : found.active.parts[input.entityType];
  if ('missing' in found || found.active.process.digest !== input.digest || !parts)
    return { sheet: state.sheet, done: state.done, stopped: definitionChanged(found) };
  const { http, log } = dependencies;
  const c: Context = { signal: activity.cancellationSignal, http, log };
  const result = await withHeartbeat(
    () => state,
    async (): Promise<RetryResult> => {
      try {
        let released = 0;
        const work = {
          ...(await workOf(found.active, parts, dependencies)),
          onReleased: (children: number) => void (released += children),
        };
        while (state.done < input.rows.length) {
          if (c.signal.aborted) return { ...told(state), cancelled: true };
          const ids = input.rows.slice(state.done, state.done + TOGETHER).map(({ id }) => id);
          released = 0;
          const outcomes = await retryRecords(ids, parts, work, c);
          state = { v: 1, sheet: counted(state.sheet, [...outcomes.values()], released), done: state.done + ids.length };
        }
        return told(state);
      } catch (error) {
        if (error instanceof Cancelled) return { ...told(state), cancelled: true };
        if (error instanceof SystemFailure) return { ...told(state), stopped: stopOf(error, undefined) };
        throw error;
      }
    },
  );
  if (result.cancelled && activity.cancellationDetails?.workerShutdown) throw handedOver();
  return result;
}

function told({ sheet, done }: RetryHeartbeat): RetryResult {
  return { sheet, done };
}

async function workOf(active: ActiveProcess, parts: EntityTypeParts, dependencies: ActivityDependencies): Promise<RetryWork> {
  const connector = active.connectors[parts.definition.from.system];
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
