import { describe, expect, it } from '@jest/globals';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findTemporal } from '../../src/temporal/find-temporal.js';
import { registerSearchAttributes } from '../../src/temporal/register-search-attributes.js';
import type { ErrorsStatus } from '../../workflows/errors/status.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { idle } from '../support/fake-activities.js';
import { retrying } from '../support/fake-retries.js';
import { withLateWorker } from '../support/late-worker.js';
import { withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

/** Signals in the order in which they are sent, and the reason of the pause that must be in force after them; undefined: none. */
interface Case {
  sent: [name: string, payload?: unknown][];
  reason?: string;
}

const followed = { since: '2026-01-01T00:00:00.000Z', reason: 'followed' };

const steered: Case[] = [
  { sent: [['resume'], ['pause', { reason: 'a' }]], reason: 'a' },
  { sent: [['pause', { reason: 'a' }], ['resume']] },
  { sent: [['pause', { reason: 'a' }], ['resume'], ['pause', { reason: 'b' }]], reason: 'b' },
  { sent: [['resume'], ['pause', { reason: 'a' }], ['resume']] },
  { sent: [['runNow'], ['resume'], ['pause', { reason: 'a' }]], reason: 'a' },
  { sent: [['pause', { reason: 'a' }], ['runNow'], ['resume']] },
  { sent: [['odd', { odd: true }], ['resume'], ['pause', { reason: 'a' }], ['odd']], reason: 'a' },
  { sent: [['resume'], ['pause', { reason: 'a', only: true }]], reason: 'a' },
];

const following: Case[] = [
  { sent: [['follow', followed], ['resume']] },
  { sent: [['resume'], ['follow', followed]], reason: 'followed' },
  { sent: [['follow', null], ['pause', { reason: 'a' }], ['follow', followed], ['resume']] },
  { sent: [['follow', followed], ['released'], ['follow', null], ['resume'], ['pause', { reason: 'a' }]], reason: 'a' },
];

const types = [
  { type: 'integrationProcess', cases: steered },
  { type: 'errorProcess', cases: [...steered, ...following] },
];

const activities = { ...idle, ...retrying({ open: {} }).activities };

async function start(client: Client, taskQueue: string, type: string, index: number): Promise<WorkflowHandle> {
  const process = `${taskQueue}/${type.toLowerCase()}-${index}`;
  const workflowId = type === 'errorProcess' ? `${process}/errors` : process;
  return client.workflow.start(type, { workflowId, taskQueue, args: [{ process }] });
}

async function send(handle: WorkflowHandle, { sent }: Case): Promise<void> {
  for (const [name, ...payload] of sent) await handle.signal(name, ...payload);
}

/** The pause that is in force once it rests. */
async function reasonOf(handle: WorkflowHandle, { sent }: Case): Promise<string | undefined> {
  const status = await until(`${handle.workflowId} rests after ${sent.map(([name]) => name).join(', ')}`, async () => {
    const each = await handle.query<ProcessStatus | ErrorsStatus>('status').catch(() => undefined);
    return (each?.state === 'paused' || each?.nextRun !== undefined) && each;
  });
  return status.state === 'paused' ? status.reason : undefined;
}

describe.each(types)('messages to an $type', ({ type, cases }) => {
  it('that came before its first task are taken in the order in which they were sent', async () => {
    await withProcess(idle, async ({ client, taskQueue }) => {
      const queue = `${taskQueue}-late`;
      const handles = await Promise.all(cases.map(async (_each, index) => start(client, queue, type, index)));
      for (const [index, each] of cases.entries()) await send(handles[index]!, each);
      await withLateWorker({ taskQueue: queue, activities }, async () => {
        for (const [index, each] of cases.entries())
          expect([each.sent, await reasonOf(handles[index]!, each)]).toEqual([each.sent, each.reason]);
        for (const handle of handles) await handle.terminate('test over');
      });
    });
  });
});

describe('messages that come while a process continues as new', () => {
  it('are taken by its next run in the order in which they were sent', async () => {
    const { path } = await findTemporal({ env: process.env, log: () => undefined });
    // The next run begins so much after the one before it began: what comes meanwhile waits for it.
    const extraArgs = ['--dynamic-config-value', 'history.workflowIdReuseMinimalInterval="8s"'];
    const server = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path }, extraArgs } });
    try {
      await registerSearchAttributes(server.connection, 'default');
      const taskQueue = 'continued';
      await withLateWorker({ taskQueue, activities, address: server.address }, async () => {
        const all = types.flatMap(({ type, cases }) => cases.map((each) => ({ type, each })));
        const carry = async ({ type, each }: (typeof all)[number], index: number) => {
          const handle = await start(server.client, taskQueue, type, index);
          expect(await reasonOf(handle, { sent: [] })).toBeUndefined();
          const { runId } = await handle.describe();
          await handle.signal('runNow');
          await until('the next run', async () => (await handle.describe()).runId !== runId);
          await send(handle, each);
          const { historyLength } = await handle.describe();
          expect([each.sent, await reasonOf(handle, each)]).toEqual([each.sent, each.reason]);
          // Started, and signalled: no task had begun.
          expect(historyLength).toBe(1 + each.sent.length);
        };
        await Promise.all(all.map(carry));
      });
    } finally {
      await server.teardown();
    }
  });
});
