import { CancellationScope, CancelledFailure, ChildWorkflowFailure, isCancellation, sleep } from '@temporalio/workflow';
import type { z } from 'zod';
import type { TurnEnd } from '../src/model/turns.js';
import { marked } from '../src/model/markdown.js';
import type { ProcessRun } from './process-run.js';
import { runChild, type Child } from './run-child.js';
import type { Timing } from '../src/model/timing.js';

/**
 * Why a turn gave no result: its child was terminated or failed, or gave what is none; or it never
 * began, since it was not to any more.
 */
export type NoResult = 'failed' | 'cancelled';

/**
 * Grants one child its turn: of one process, at most one child that may write runs at any time.
 * After one that was lost with its worker none begins until what it sent last must be over.
 */
export async function grantTurn<T extends TurnEnd>(
  run: ProcessRun,
  child: Child,
  timing: Timing,
  { input, result }: { input(): object; result: z.ZodType<T> },
): Promise<T | NoResult> {
  try {
    await waitUntilQuiet(run);
    expectGoingOn();
  } catch (error) {
    if (isCancellation(error)) return 'cancelled';
    throw error;
  }
  run.running = { child: child.id, ...(child.entityType !== undefined ? { entityType: child.entityType } : {}) };
  run.accepted = false;
  run.turns += 1;
  run.enter('running');
  try {
    const { data } = result.safeParse(await runChild(child, run.process, input()));
    takeTurn(run, data ?? { lost: true }, timing);
    return data ?? 'failed';
  } catch (error) {
    const cancelled = isCancellation(error);
    if (!cancelled && !(error instanceof ChildWorkflowFailure)) throw error;
    takeTurn(run, { lost: true }, timing);
    return cancelled ? 'cancelled' : 'failed';
  } finally {
    run.running = undefined;
  }
}

/** @throws CancelledFailure where what runs is to end: nothing more begins. */
export function expectGoingOn(): void {
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Paused, cancelled, or asked for a record');
}

function takeTurn({ state }: ProcessRun, { lost, rows }: TurnEnd, timing: Timing): void {
  if (lost) state.quietUntil = new Date(Date.now() + timing.heartbeatTimeout + timing.retryInterval).toISOString();
  if (!rows) return;
  const { wake, parentsCame, ...known } = rows;
  const { listedAt } = state.rows ?? {};
  state.rows = { ...known, ...(listedAt !== undefined ? { listedAt } : {}) };
  if (wake || parentsCame) state.errors.wake = true;
  if (parentsCame) state.errors.parentsCame = true;
}

async function waitUntilQuiet(run: ProcessRun): Promise<void> {
  const { state } = run;
  if (state.quietUntil === undefined) return;
  const left = Date.parse(state.quietUntil) - Date.now();
  if (left > 0) {
    run.waitsForQuiet = true;
    run.publish();
    await sleep(left, { summary: marked`What a lost worker sent last must be over`.text }).finally(() => (run.waitsForQuiet = false));
  }
  delete state.quietUntil;
}
