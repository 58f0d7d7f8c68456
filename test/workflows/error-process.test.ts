import { describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { RetryErroredInput } from '../../workflows/contracts.js';
import { cancelledFirst, retrying, untilCancelled } from '../support/fake-retries.js';
import { withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

const down = { code: 'Unreachable', message: 'm', remedy: 'r', needs: 'system', system: 'emr' } as const;

/** One row is open. */
const OPEN = { open: { A: { errored: { X: 1 }, ignored: 0, waiting: 0 } }, dueAtOnce: 0, nextRetryAt: '2999-01-01T00:00:00.000Z' };

async function leavesNothingOpen(client: Client, process: string): Promise<void> {
  const { raw } = await client.workflow.getHandle(process).describe();
  expect(raw.pendingChildren ?? []).toEqual([]);
  expect(raw.pendingActivities ?? []).toEqual([]);
}

/** Where each activity was told to resume. */
function places(inputs: RetryErroredInput[]): (string | undefined)[] {
  return inputs.map(({ pass: { place } }) => place && `${place.entityType} ${place.after?.id}`);
}

describe('errored records', () => {
  it('are tried at the first look, activity after activity in one child, each from where the last one got to, and it is said what became of them', async () => {
    const { activities, tried, inputs } = retrying({ open: { A: ['1', '2', '3'], B: ['4'] }, limit: 2 });
    await withProcess(activities, async ({ start, reaches, process, client }) => {
      await start();
      const { errors, state } = await reaches('the pass', (s) => s.errors.lastPass !== undefined && s.nextRun !== undefined);
      expect(tried).toEqual(['A 1', 'A 2', 'A 3', 'B 4']);
      expect(places(inputs)).toEqual([undefined, 'A 2']);
      expect(errors.lastPass?.sheets).toMatchObject({ A: { tried: 3, healed: 3 }, B: { tried: 1, healed: 1 } });
      expect([state, errors.state]).toEqual(['idle', 'idle']);
      const { memo, searchAttributes } = await client.workflow.getHandle(`${process}/errors`).describe();
      expect(searchAttributes).toMatchObject({ IntegrationProcess: [process] });
      expect(memo?.['pass']).toMatchObject({ sheets: { A: { tried: 3 } } });
    });
  });

  it('are not tried, and no child is started, where none is open or due', async () => {
    const later = { open: { A: { errored: { X: 1 }, ignored: 0, waiting: 0 } }, dueAtOnce: 0, nextRetryAt: '2999-01-01T00:00:00.000Z' };
    const { activities, turns } = retrying({ open: {}, plan: ({ list }) => (list ? { rows: later } : {}) });
    await withProcess(activities, async ({ start, reaches, client, process }) => {
      await start();
      const { errors } = await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      expect(errors.nextRun).toBe(later.nextRetryAt);
      expect(turns).toEqual([]);
      await expect(client.workflow.getHandle(`${process}/errors`).describe()).rejects.toThrow('not found');
    });
  });

  it('rest while they are paused, as changes go on, and go on behind what was tried', async () => {
    const { activities, tried, inputs, turns } = retrying({
      open: { A: ['1', '2', '3'] },
      types: [{ entityType: 'T', hasChanges: true }],
      answer: cancelledFirst(2),
    });
    await withProcess(activities, async ({ start, reaches, process, client }) => {
      const handle = await start();
      await reaches('they are tried', (s) => s.errors.state === 'running' && inputs.length === 1);
      await handle.signal('pause', { reason: 'EMR upgrade', by: 'Asha', errorsOnly: true });
      const { state, errors } = await reaches('paused', (s) => s.errors.state === 'paused' && s.nextRun !== undefined);
      expect([state, errors.reason, errors.by]).toEqual(['idle', 'EMR upgrade', 'Asha']);
      await leavesNothingOpen(client, process);
      expect((await client.workflow.getHandle(process).describe()).memo?.['pass']).toMatchObject({ place: { after: { id: '2' } } });
      for (const more of [undefined, { errors: true }]) await handle.signal('runNow', more);
      await handle.signal('rowChanged', {});
      await until('changes go on', () => turns.filter((each) => each === 'T').length > 1);
      await reaches('idle', (s) => s.errors.state === 'paused' && s.nextRun !== undefined);
      expect(inputs).toHaveLength(1);
      await handle.signal('resume', { errorsOnly: true });
      await reaches('the rest', (s) => s.errors.lastPass?.sheets['A']?.tried === 3);
      expect(tried).toEqual(['A 1', 'A 2', 'A 3']);
      expect(places(inputs)).toEqual([undefined, 'A 2']);
    });
  });

  it('are all tried once more where that was asked for while some had been tried already', async () => {
    const { activities, inputs } = retrying({
      open: { A: ['1', '2', '3'] },
      answer: cancelledFirst(2),
      plan: () => (inputs.length > 0 ? { rows: OPEN } : {}),
    });
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('they are tried', (s) => s.errors.state === 'running' && inputs.length === 1);
      await handle.signal('pause');
      await reaches('paused', (s) => s.state === 'paused' && s.errors.state === 'paused');
      await handle.signal('runNow', { errors: true });
      await handle.signal('resume');
      await reaches('both passes', (s) => inputs.length === 3 && s.errors.lastPass !== undefined && s.nextRun !== undefined);
      expect(places(inputs)).toEqual([undefined, 'A 2', undefined]);
      expect(inputs.map(({ pass: { all } }) => all)).toEqual([undefined, undefined, true]);
    });
  });

  it('end their own pause at its end', async () => {
    const { activities } = retrying({ open: {} });
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      await handle.signal('pause', { until: new Date(Date.now() + 4_000).toISOString(), errorsOnly: true });
      await reaches('paused', (s) => s.errors.state === 'paused');
      await handle.signal('runNow', { errors: true });
      await reaches('idle again', (s) => s.errors.state === 'idle' && s.errors.until === undefined);
    });
  });

  it('keep their place over a pause of the whole process', async () => {
    const { activities, tried, inputs } = retrying({
      open: { A: ['1', '2', '3'] },
      answer: cancelledFirst(1),
    });
    await withProcess(activities, async ({ start, reaches, process, client }) => {
      const handle = await start();
      await reaches('they are tried', (s) => s.errors.state === 'running' && inputs.length === 1);
      await handle.signal('pause');
      await reaches('paused', (s) => s.state === 'paused' && s.errors.state === 'paused');
      await leavesNothingOpen(client, process);
      await handle.signal('resume');
      await reaches('the rest', (s) => s.errors.lastPass?.sheets['A']?.tried === 3);
      expect([tried, places(inputs)]).toEqual([
        ['A 1', 'A 2', 'A 3'],
        [undefined, 'A 1'],
      ]);
    });
  });

  it('go on from their place, in a turn of their own, where their child was cancelled by hand', async () => {
    const { activities, tried, inputs } = retrying({
      open: { A: ['1', '2'] },
      answer: cancelledFirst(1),
    });
    await withProcess(activities, async ({ start, reaches, process, client }) => {
      await start();
      await reaches('they are tried', (s) => s.errors.state === 'running' && inputs.length === 1);
      await client.workflow.getHandle(`${process}/errors`).cancel();
      await reaches('the rest', (s) => s.errors.lastPass?.sheets['A']?.tried === 2);
      expect([tried, places(inputs)]).toEqual([
        ['A 1', 'A 2'],
        [undefined, 'A 1'],
      ]);
    });
  });

  it('go on from their place, once nothing it sent can arrive any more, where their child was terminated; and are told of that', async () => {
    const began: number[] = [];
    const { activities, tried, inputs } = retrying({
      open: { A: ['1', '2', '3'] },
      limit: 1,
      answer: async (_input, heal) => {
        began.push(Date.now());
        if (began.length === 2) await untilCancelled();
        return heal(began.length === 2 ? 0 : 1);
      },
    });
    await withProcess(activities, async ({ start, reaches, process, client }) => {
      const handle = await start();
      await reaches('the second activity', (s) => s.errors.state === 'running' && began.length === 2);
      const lost = Date.now();
      await client.workflow.getHandle(`${process}/errors`).terminate('test');
      const { errors } = await reaches('it says so', (s) => s.errors.failure !== undefined && s.nextRun !== undefined);
      expect(errors.failure?.code).toBe('ChildFailed');
      await handle.signal('runNow', { errors: true });
      await reaches('the rest', (s) => s.errors.lastPass !== undefined && s.errors.failure === undefined);
      expect(tried).toEqual(['A 1', 'A 2', 'A 3']);
      // The pass that was lost gave no word of how far it got: it begins where its turn began.
      expect(inputs.at(-1)).not.toHaveProperty('place');
      expect((began[2] ?? 0) - lost).toBeGreaterThanOrEqual(2_200);
    });
  });

  it('drain when their process is cancelled', async () => {
    let calls = 0;
    const { activities, tried } = retrying({
      open: { A: ['1', '2'] },
      answer: async (_input, heal) => {
        calls += 1;
        await untilCancelled();
        return { ...heal(1), done: false, cancelled: true };
      },
    });
    await withProcess(activities, async ({ start, reaches, process, client }) => {
      const handle = await start();
      await reaches('running', (s) => s.errors.state === 'running' && calls === 1);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      expect(tried).toEqual(['A 1']);
      await leavesNothingOpen(client, process);
      expect((await client.workflow.getHandle(process).describe()).memo?.['pass']).toMatchObject({ place: { after: { id: '1' } } });
    });
  });

  it('wait while a system is down, ever longer, whatever changes or is told meanwhile', async () => {
    let sick = true;
    const { activities, tried, inputs } = retrying({
      open: { A: ['1', '2', '3'] },
      answer: (_input, heal) => (sick ? { ...heal(1), done: true, stopped: { A: { ...down, retryAfter: 600_000 } } } : heal()),
    });
    await withProcess(activities, async ({ start, reaches, client, process }) => {
      const handle = await start();
      const { errors, state } = await reaches('waiting', (s) => s.errors.state === 'waiting' && s.nextRun !== undefined);
      expect([state, errors.failure]).toMatchObject(['waiting', { entityType: 'A', code: 'Unreachable' }]);
      await handle.signal('rowChanged', {});
      await handle.signal('rowChanged', {});
      await until('both were taken', async () => {
        const { events } = await client.workflow.getHandle(process).fetchHistory();
        return (events?.filter((each) => each.workflowExecutionSignaledEventAttributes) ?? []).length === 2;
      });
      expect((await reaches('waiting still', (s) => s.nextRun !== undefined)).errors.nextRun).toBe(errors.nextRun);
      expect(inputs).toHaveLength(1);
      sick = false;
      await handle.signal('runNow', { errors: true });
      const well = await reaches('well again', (s) => s.errors.failure === undefined && s.nextRun !== undefined);
      expect(well.state).toBe('idle');
      expect(tried).toEqual(['A 1', 'A 2', 'A 3']);
    });
  });
});
