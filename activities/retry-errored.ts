import { setTimeout as pause } from 'node:timers/promises';
import { Context as ActivityContext } from '@temporalio/activity';
import type { ActiveProcess } from '../src/assembly/active-process.js';
import type { Context } from '../src/connectors/connector.js';
import { stopOf } from '../src/errors/stop-of.js';
import { Cancelled, SystemFailure } from '../src/errors/system-failure.js';
import { Judging } from '../src/sync/judging.js';
import { InHand, killsWorker } from '../src/sync/in-hand.js';
import { retryRecords, type Retried, type RetryWork } from '../src/sync/retry.js';
import type { EntityTypeParts } from '../src/sync/parts.js';
import type { RetryErroredInput, RetryHeartbeat, RetryResult, RetrySheet } from '../workflows/contracts.js';
import { noRetries } from '../workflows/errors/state.js';
import { definitionChanged } from './definition-changed.js';
import type { ActivityDependencies } from './dependencies.js';
import { HEARTBEAT_SENT, withHeartbeat } from './heart.js';
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
  const inHand = new InHand(beat?.inHand, () => pause(HEARTBEAT_SENT), activity.info.attempt > 1);
  let state = stateOf(beat, before);
  const result = await withHeartbeat(
    () => ({ ...state, ...(inHand.state ? { inHand: inHand.state } : {}) }),
    async (): Promise<RetryResult> => {
      const ended = await tryAll(input, state, { inHand, onDone: (next) => (state = next) }, dependencies).finally(() => {
        // It ends by itself, be it by an error: no worker died of what is in hand.
        inHand.state = undefined;
      });
      const left = input.rows.slice(state.done);
      if (left.length > 0 && activity.info.attempt > 1) await lookAgain({ ...input, rows: left }, dependencies);
      const { v: _v, ...progress } = state;
      return { ...progress, ...ended };
    },
  );
  if (result.cancelled && activity.cancellationDetails?.workerShutdown) throw handedOver();
  return result;
}

type State = Omit<RetryHeartbeat, 'inHand'>;

function stateOf(beat: RetryHeartbeat | undefined, before: Pick<State, 'failing'>): State {
  if (beat?.v !== 1) return { v: 1, sheet: noRetries, done: 0, ...before };
  const { inHand: _inHand, ...state } = beat;
  return { ...before, ...state };
}

interface Telling {
  inHand: InHand;
  onDone(state: State): void;
}

/** @returns why it ended before all were tried. */
async function tryAll(
  { process, entityType, digest, rows, openUpTo }: RetryErroredInput,
  begun: State,
  { inHand, onDone }: Telling,
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
      const oneByOne = await inHand.begin(String(state.done));
      const ids = rows.slice(state.done, state.done + (oneByOne ? 1 : TOGETHER)).map(({ id }) => id);
      released = 0;
      const outcomes = await (oneByOne ? retryAlone(ids, parts, work, inHand, c) : retryRecords(ids, parts, work, c));
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

/** Tries one by itself. One that is known to kill its worker is told so to its row instead. */
async function retryAlone(
  [id = '']: string[],
  parts: EntityTypeParts,
  work: RetryWork,
  inHand: InHand,
  c: Context,
): Promise<Map<string, Retried>> {
  const { name: entityType } = parts.definition;
  const row = work.rows.find(entityType, id);
  if (!inHand.kills(id) || !row) {
    await inHand.take(id);
    return retryRecords([id], parts, work, c);
  }
  const { version, stamp } = row;
  await work.rows.failedAgain({ kind: 'errored', entityType, id, version, stamp, error: parts.classify(killsWorker) });
  return new Map([[id, 'failing']]);
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
