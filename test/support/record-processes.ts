import type { WorkflowHandle } from '@temporalio/client';
import { emptySheet } from '../../src/model/sheet.js';
import { recording, idle } from './fake-activities.js';
import { withLateWorker } from './late-worker.js';
import { planOf, synced, withProcess } from './process-harness.js';
import { until } from './until.js';

/** Keeps the history of a workflow under a name. */
export type Save = (handle: WorkflowHandle, name: string) => Promise<void>;

/** Records what processes do that have no errored records, and their children. */
export async function recordProcesses(save: Save): Promise<void> {
  await recordIdle(save);
  await recordBusy(save);
  await recordLoad(save);
  await recordRequest(save);
  await recordEarlyMessages(save);
}

async function recordIdle(save: Save): Promise<void> {
  let plans = 0;
  const planCycle: typeof idle.planCycle = async () => ({
    kind: 'plan',
    plan: planOf([{ entityType: 'A', hasChanges: false }], ++plans < 3 ? 100 : 3_600_000),
  });
  await withProcess({ ...idle, planCycle }, async ({ start, reaches, client, process }) => {
    const first = await start();
    await reaches('three cycles', (s) => s.cycle === 3 && s.nextRun !== undefined);
    await save(first, 'idle-cycles');
    await first.signal('pause', { reason: 'r', by: 'b' });
    await reaches('paused', (s) => s.state === 'paused');
    await first.executeUpdate('rewind', { args: [{ entityType: 'A', to: '2020-01-01T00:00:00Z' }] });
    await first.signal('resume');
    await until('the next run', async () => (await client.workflow.getHandle(process).describe()).runId !== first.firstExecutionRunId);
    await save(client.workflow.getHandle(process, first.firstExecutionRunId), 'paused-and-rewound');
    await client.workflow.getHandle(process).cancel();
    await first.result().catch(() => undefined);
    await save(client.workflow.getHandle(process), 'cancelled');
  });
}

async function recordBusy(save: Save): Promise<void> {
  let activities = 0;
  const stopped = { code: 'Unreachable', message: 'm', remedy: 'r', needs: 'system' } as const;
  const busy = recording(async ({ entityType, until: horizon }) => {
    activities += 1;
    if (entityType === 'A' && activities === 1)
      return { ...synced(horizon), bookmark: { v: 1, at: '2020-01-01T00:00:00.000Z' }, done: false };
    if (entityType === 'C') return { bookmark: null, sheet: emptySheet, findings: {}, done: false, stopped };
    return synced(horizon);
  });
  await withProcess(busy.activities, async ({ start, reaches, client, process }) => {
    const first = await start();
    await reaches('waiting', (s) => s.state === 'waiting' && s.cycle > 1);
    await save(client.workflow.getHandle(process, first.firstExecutionRunId), 'busy-cycle');
    await save(client.workflow.getHandle(`${process}/sync/A`), 'sync-of-two-activities');
  });
}

async function recordLoad(save: Save): Promise<void> {
  let release: () => void = () => undefined;
  const held = recording(async (input) => {
    await new Promise<void>((resolve) => (release = resolve));
    return synced(input.until);
  });
  await withProcess(held.activities, async ({ start, reaches, client, process }) => {
    await start();
    await reaches('loading', (s) => s.state === 'running' && s.child !== undefined);
    await until('the activity runs', () => held.synced.length > 0);
    await save(client.workflow.getHandle(process), 'in-the-middle-of-a-load');
    release();
  });
}

async function recordRequest(save: Save): Promise<void> {
  const syncRecord = async () => ({ what: 'in step', outcome: 'created', hadRow: false }) as const;
  await withProcess({ ...idle, syncRecord }, async ({ start, reaches, client, process }) => {
    const first = await start();
    await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
    const ask = (more: object = {}) => first.executeUpdate('syncRecord', { args: [{ entityType: 'A', id: 'r1', ...more }] });
    await ask();
    await first.signal('runNow');
    await save(client.workflow.getHandle(`${process}/record`), 'record-brought-over');
    await until('the next run', async () => (await client.workflow.getHandle(process).describe()).runId !== first.firstExecutionRunId);
    await save(client.workflow.getHandle(process, first.firstExecutionRunId), 'record-request');
    const { runId } = await client.workflow.getHandle(process).describe();
    await first.signal('pause');
    await reaches('paused', (s) => s.state === 'paused');
    const latest = client.workflow.getHandle(process);
    await latest.executeUpdate('syncRecord', { args: [{ entityType: 'A', id: 'r2', anyway: true }] });
    await save(client.workflow.getHandle(process, runId), 'record-request-while-paused');
  });
}

async function recordEarlyMessages(save: Save): Promise<void> {
  await withProcess(idle, async ({ client, process, taskQueue }) => {
    const workflowId = `${process}-early`;
    const queue = `${taskQueue}-late`;
    const handle = await client.workflow.start('integrationProcess', { workflowId, taskQueue: queue, args: [{ process: workflowId }] });
    await handle.signal('runNow');
    await handle.signal('resume');
    await handle.signal('rowChanged', {});
    await handle.signal('pause', { reason: 'r' });
    await withLateWorker({ taskQueue: queue, activities: idle }, async () => {
      await until('it rests', async () => (await handle.query<{ state: string }>('status')).state === 'paused');
      await save(handle, 'early-messages');
      await handle.terminate('recorded');
    });
  });
}
