import { ApplicationFailure } from '@temporalio/activity';
import { emptySheet } from '../../src/model/sheet.js';
import { cancelledFirst, retrying } from './fake-retries.js';
import { timing, withProcess } from './process-harness.js';
import type { Save } from './record-processes.js';

/** Records processes that try errored records again, and their children. */
export async function recordRetries(save: Save): Promise<void> {
  await recordFirst(save);
  await recordTurns(save);
  await recordInterrupted(save);
  await recordLost(save);
  await recordSickPass(save);
  await recordAccepted(save);
}

async function recordFirst(save: Save): Promise<void> {
  const { activities } = retrying({ open: { A: ['1', '2'] }, limit: 1, types: [{ entityType: 'T' }] });
  await withProcess(activities, async ({ start, reaches, client, process }) => {
    const first = await start();
    await reaches('the pass', (s) => s.errors.lastPass !== undefined && s.nextRun !== undefined);
    await first.signal('runNow');
    await reaches('the next cycle', (s) => s.cycle > 1);
    await save(client.workflow.getHandle(process, first.firstExecutionRunId), 'first-cycle-with-errors');
    await save(client.workflow.getHandle(`${process}/errors`), 'errors-of-two-activities');
  });
}

async function recordTurns(save: Save): Promise<void> {
  let calls = 0;
  const { activities } = retrying({
    open: { A: ['1', '2', '3'] },
    limit: 1,
    types: [{ entityType: 'T' }],
    plan: () => ({ timing: { ...timing, turn: 1 } }),
    sync: async ({ until }) => ({ bookmark: { v: 1, at: until }, sheet: emptySheet, findings: {}, done: ++calls > 1 }),
  });
  await withProcess(activities, async ({ start, reaches, client, process }) => {
    const first = await start();
    await reaches('the next cycle', (s) => s.cycle > 1);
    await save(client.workflow.getHandle(process, first.firstExecutionRunId), 'turns');
  });
}

async function recordInterrupted(save: Save): Promise<void> {
  const { activities, inputs } = retrying({
    open: { A: ['1', '2'] },
    answer: cancelledFirst(1),
  });
  await withProcess(activities, async ({ start, reaches, client, process }) => {
    const first = await start();
    await reaches('busy', (s) => s.errors.state === 'running' && inputs.length === 1);
    await save(client.workflow.getHandle(process), 'in-the-middle-of-a-pass');
    await first.signal('pause', { errorsOnly: true });
    await reaches('paused', (s) => s.errors.state === 'paused' && s.nextRun !== undefined);
    await save(client.workflow.getHandle(process, first.firstExecutionRunId), 'errors-paused');
    await save(client.workflow.getHandle(`${process}/errors`), 'errors-interrupted');
  });
}

async function recordLost(save: Save): Promise<void> {
  let tries = 0;
  const { activities } = retrying({
    open: { A: ['1', '2'] },
    answer: (_input, heal) => {
      if (++tries > 2) return heal();
      throw ApplicationFailure.create({ type: 'WorkerLost', message: 'lost', nextRetryDelay: '1 hour' });
    },
  });
  await withProcess(activities, async ({ start, reaches, client, process }) => {
    const first = await start();
    await reaches('a lost try', () => tries === 1);
    await first.signal('pause');
    await reaches('paused', ({ state }) => state === 'paused');
    await save(client.workflow.getHandle(`${process}/errors`), 'errors-lost');
    await first.signal('resume');
    await reaches('the next try', () => tries === 2);
    const { runId } = await client.workflow.getHandle(process).describe();
    await client.workflow.getHandle(`${process}/errors`).terminate('by hand');
    await reaches('it says so', ({ errors, nextRun }) => errors.failure?.code === 'ChildFailed' && nextRun !== undefined);
    await save(client.workflow.getHandle(process, runId), 'child-terminated');
  });
}

async function recordSickPass(save: Save): Promise<void> {
  const down = { code: 'Unreachable', message: 'm', remedy: 'r', needs: 'system', system: 'emr' } as const;
  const { activities } = retrying({
    open: { A: ['1', '2'] },
    answer: (_input, heal) => ({ ...heal(1), done: true, stopped: { A: down } }),
  });
  await withProcess(activities, async ({ start, reaches, client, process }) => {
    const first = await start();
    await reaches('it rests', (s) => s.errors.state === 'waiting' && s.nextRun !== undefined);
    await first.signal('runNow', { errors: true });
    await reaches('its second cycle', (s) => s.cycle > 1);
    await save(client.workflow.getHandle(process, first.firstExecutionRunId), 'pass-on-a-sick-system');
  });
}

async function recordAccepted(save: Save): Promise<void> {
  const stop = { code: 'TooManyErrors', message: 'm', remedy: 'r', needs: 'person' } as const;
  const { activities } = retrying({
    open: { A: ['1'] },
    answer: (_input, heal) => ({ ...heal(), failing: { A: { consecutive: 3, recent: 'xxx' } }, stopped: { A: stop } }),
  });
  await withProcess(activities, async ({ start, reaches, client, process }) => {
    const first = await start();
    await reaches('stopped', (s) => s.errors.state === 'stopped' && s.nextRun !== undefined);
    await first.signal('resume');
    await reaches('its next look', (s) => s.cycle > 1 && s.nextRun !== undefined);
    await save(client.workflow.getHandle(process, first.firstExecutionRunId), 'resumed-after-too-many');
  });
}
