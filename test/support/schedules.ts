import { setTimeout as sleep } from 'node:timers/promises';
import { CompleteAsyncError, Context } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { emptySheet } from '../../src/model/sheet.js';
import type { Activities, WritingActivities } from '../../workflows/contracts.js';
import { errorsId, recordId, syncId } from '../../workflows/ids.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { planOf, timing as usual } from './process-harness.js';
import { randomOf } from './random.js';
import { until } from './until.js';
import type { Writings } from './writings.js';
import type { SyncRecordResult } from '../../src/model/turns.js';

const timing = { ...usual, heartbeatTimeout: 4_000, retryInterval: 300 };

/**
 * After a lost activity nothing of its process writes for so long: measured a little shorter, since
 * clocks are read here and there.
 */
const QUIET = timing.heartbeatTimeout + timing.retryInterval - 100;

/**
 * Activities of many processes, each by the seed in its name: quick ones, such that work until they
 * are ended, and such whose worker is lost.
 */
export function randomActivities(writings: Writings): Activities & WritingActivities {
  const randoms = new Map<string, () => number>();
  const randomIn = (process: string): number => {
    const random = randoms.get(process) ?? randomOf(Number(process.split('-').at(-1)));
    randoms.set(process, random);
    return random();
  };
  /** @returns whether it was cancelled. */
  const write = async (process: string, what: string): Promise<boolean> => {
    const context = Context.current();
    const { currentAttemptScheduledTimestampMs: scheduled } = context.info;
    const end = writings.begin(process, what, scheduled);
    const how = randomIn(process);
    if (how < 0.03) {
      // Its worker is lost: what it sends last may arrive for as long as a time-out and a request
      // take.
      end(scheduled + QUIET);
      throw new CompleteAsyncError();
    }
    try {
      const ends = Date.now() + (how < 0.3 ? 400 : 40) * randomIn(process);
      while (Date.now() < ends && !context.cancellationSignal.aborted) {
        context.heartbeat();
        await sleep(10);
      }
      // A write in flight is waited for.
      await sleep(20 * randomIn(process));
      if (how > 0.97) throw new Error('It fails and is tried again');
      return context.cancellationSignal.aborted;
    } finally {
      end();
    }
  };
  return {
    planCycle: async ({ process, list, bookmarks, lastErrorsLook }) => {
      await sleep(20 * randomIn(process));
      const names = ['A', 'B', 'C'];
      const plan = planOf(
        names.map((entityType) => ({ entityType, bookmark: bookmarks[entityType] ?? null, hasChanges: randomIn(process) < 0.3 })),
        200,
      );
      const due = lastErrorsLook === undefined || randomIn(process) < 0.3;
      return {
        kind: 'plan',
        plan: {
          ...plan,
          timing: { ...timing, turn: randomIn(process) < 0.5 ? 1 : 60_000 },
          errors: { due, nextDue: new Date(Date.now() + 1_000).toISOString() },
          ...(list ? { rows: { open: { A: { errored: { X: 1 }, ignored: 0, waiting: 0 } }, dueAtOnce: 1 } } : {}),
        },
      };
    },
    syncChanges: async ({ process, entityType, until }) => {
      const cancelled = await write(process, `syncChanges of ${entityType}`);
      const bookmark = { v: 1 as const, at: until };
      return {
        bookmark,
        sheet: emptySheet,
        findings: {},
        done: !cancelled && randomIn(process) < 0.7,
        ...(cancelled ? { cancelled } : {}),
      };
    },
    retryErrored: async ({ process, pass }) => {
      const cancelled = await write(process, 'retryErrored');
      return { pass, done: !cancelled && randomIn(process) < 0.7, failing: {}, stopped: {}, ...(cancelled ? { cancelled } : {}) };
    },
    syncRecord: async ({ process, id }) => {
      await write(process, `syncRecord of ${id}`);
      return { what: 'in step', outcome: id, hadRow: false };
    },
  };
}

/**
 * One process over which messages, requests and terminations of its children come as the seed has
 * it, until it is cancelled.
 */
export async function runSchedule(client: Client, taskQueue: string, seed: number, writings: Writings): Promise<void> {
  const random = randomOf(seed * 7_919);
  const process = `${taskQueue}/seed-${seed}`;
  const handle = await client.workflow.start('integrationProcess', { workflowId: process, taskQueue, args: [{ process }] });
  const latest = client.workflow.getHandle(process);
  const requests: Promise<void>[] = [];
  const isPlanned = () =>
    latest.query<ProcessStatus>('status').then(
      ({ digest }) => digest !== undefined,
      () => false,
    );
  await until('it has a plan', isPlanned, 60_000, 50);
  for (let step = 0; step < 5; step += 1) {
    await sleep(200 * random());
    await oneStep(latest, client, random, requests, writings);
  }
  for (const each of [undefined, { errorsOnly: true }]) await latest.signal('resume', each);
  await sleep(300 * random());
  await latest.cancel();
  const end = await handle.result().catch((error: { cause?: { name?: string } }) => error.cause?.name);
  if (end !== 'CancelledFailure') throw new Error(`It ended otherwise: ${String(end)}`);
  await Promise.all(requests);
}

type Steps = (handle: WorkflowHandle, random: () => number) => Promise<unknown>;

const signals: Steps[] = [
  (handle) => handle.signal('pause', { reason: 'r' }),
  (handle) => handle.signal('pause', { until: new Date(Date.now() + 150).toISOString() }),
  (handle) => handle.signal('pause', { errorsOnly: true }),
  (handle) => handle.signal('resume'),
  (handle) => handle.signal('resume', { errorsOnly: true }),
  (handle) => handle.signal('runNow'),
  (handle) => handle.signal('runNow', { errors: true }),
  (handle) => handle.signal('rowChanged', {}),
  (handle) => refusedOr(handle.executeUpdate('rewind', { args: [{ entityType: 'A', to: '2020-01-01T00:00:00Z' }] })),
];

async function oneStep(
  handle: WorkflowHandle,
  client: Client,
  random: () => number,
  requests: Promise<void>[],
  writings: Writings,
): Promise<void> {
  const kind = random();
  if (kind < 0.25) {
    const id = `r${requests.length}`;
    const request = { entityType: 'A', id, ...(random() < 0.5 ? { anyway: true } : {}) };
    requests.push(answered(handle, request));
  } else if (kind < 0.35) await terminate(client, handle.workflowId, random, writings);
  else await signals[Math.floor(random() * signals.length)]?.(handle, random);
}

/** Every request is refused at once, in words, or answered. */
async function answered(handle: WorkflowHandle, request: { entityType: string; id: string }): Promise<void> {
  const result = await refusedOr(handle.executeUpdate<SyncRecordResult, [typeof request]>('syncRecord', { args: [request] }));
  if (result === undefined) return;
  const isIts = result.outcome === request.id || ['Cancelled', 'ChildFailed', 'Defect'].includes(result.stopped?.code ?? '');
  if (!isIts) throw new Error(`${request.id} was answered ${JSON.stringify(result)}`);
}

/** Also what the server hands back, never taken, since it arrived with the last task of a run. */
const REFUSALS = /unexpected workflow task failure|is paused|has not made its first plan|runs now|already completed|has only got to/;

async function refusedOr<T>(update: Promise<T>): Promise<T | undefined> {
  try {
    return await update;
  } catch (error) {
    const { message, cause } = error as { message: string; cause?: { message?: string } };
    if (error instanceof WorkflowNotFoundError || REFUSALS.test(`${message} ${cause?.message}`)) return undefined;
    throw new Error(`${message}: ${cause?.message}`, { cause: error });
  }
}

async function terminate(client: Client, process: string, random: () => number, writings: Writings): Promise<void> {
  const children = [syncId(process, 'A'), syncId(process, 'B'), syncId(process, 'C'), errorsId(process), recordId(process)];
  for (const child of children) {
    const handle = client.workflow.getHandle(child);
    const end = random() < 0.7 ? handle.terminate('by hand') : handle.cancel().then(() => 'cancelled');
    const how = await end.catch(() => undefined);
    if (how === undefined || how === 'cancelled') continue;
    // What began before the server had done it may be what was terminated.
    const from = Date.now();
    writings.terminated(process, child, from, from + QUIET);
    return;
  }
}
