import { describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { RetryErroredInput, RetryResult } from '../../workflows/contracts.js';
import type { ErrorsStatus } from '../../workflows/errors/status.js';
import { idle } from '../support/fake-activities.js';
import { healed, retryUntilCancelled, retrying, rowsOf } from '../support/fake-retries.js';
import { withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

const down = { code: 'Unreachable', message: 'm', remedy: 'r', needs: 'system', system: 'emr' } as const;
const nothing = { tried: 0, healed: 0, failing: 0, gone: 0, released: 0 };

async function leavesNothingOpen(client: Client, workflowId: string): Promise<void> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  expect(raw.pendingChildren ?? []).toEqual([]);
  expect(raw.pendingActivities ?? []).toEqual([]);
}

describe('errorProcess', () => {
  it('tries what is due in dependency order, oldest first, batch after batch, and says what became of it', async () => {
    const { activities, tried } = retrying({ open: { A: rowsOf('1', '2', '3'), B: rowsOf('4') }, dependsOn: { B: ['A'] }, limit: 2 });
    await withProcess({ ...idle, ...activities }, async ({ startErrors, errorsReach, process, client }) => {
      await startErrors();
      const status = await errorsReach('the pass', (s) => s.state === 'idle' && s.lastPass !== undefined);
      expect(tried).toEqual(['A 1', 'A 2', 'A 3', 'B 4']);
      expect(status.lastPass?.sheets).toEqual({ A: { ...nothing, tried: 3, healed: 3 }, B: { ...nothing, tried: 1, healed: 1 } });
      expect(status.words).toContain('Next pass');
      const { searchAttributes } = await client.workflow.getHandle(`${process}/errors`).describe();
      expect(searchAttributes).toMatchObject({ IntegrationProcess: [process], SyncState: ['idle'] });
    });
  });

  it('refuses a workflow id that is not its process’, and input it does not understand', async () => {
    await withProcess({ ...idle, ...retrying({ open: {} }).activities }, async ({ startErrors, client, taskQueue }) => {
      await expect((await startErrors({ process: 'other/process' })).result()).rejects.toMatchObject({
        cause: { type: 'WrongWorkflowId' },
      });
      for (const [index, wrong] of [undefined, null, 'text', {}, { process: 5 }].entries()) {
        const workflowId = `${taskQueue}/wrong-${index}`;
        const handle = await client.workflow.start('errorProcess', { workflowId, taskQueue, args: [wrong] });
        await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'InvalidInput' } });
      }
    });
  });

  it('pauses in the middle of a batch with nothing left open, and goes on behind what was tried', async () => {
    let calls = 0;
    const batches: string[][] = [];
    const { activities, tried } = retrying({
      open: { A: rowsOf('1', '2', '3') },
      answer: async (input) => {
        batches.push(input.rows.map(({ id }) => id));
        return ++calls === 1 ? retryUntilCancelled(2) : healed(input);
      },
    });
    await withProcess({ ...idle, ...activities }, async ({ startErrors, errorsReach, process, client }) => {
      const handle = await startErrors();
      await errorsReach('running', (s) => s.state === 'running' && calls === 1);
      await handle.signal('pause', { reason: 'EMR upgrade', by: 'Asha' });
      const paused = await errorsReach('paused', (s) => s.state === 'paused');
      expect(paused).toMatchObject({ reason: 'EMR upgrade', by: 'Asha' });
      expect(paused.words).toContain('because: EMR upgrade');
      await leavesNothingOpen(client, `${process}/errors`);
      const { memo } = await client.workflow.getHandle(`${process}/errors`).describe();
      expect(memo?.['pass']).toMatchObject({ after: { A: { id: '2' } } });
      await handle.signal('resume');
      const status = await errorsReach('the rest', (s) => s.state === 'idle' && s.lastPass !== undefined);
      expect(batches).toEqual([['1', '2', '3'], ['3']]);
      expect(tried).toEqual(['A 1', 'A 2', 'A 3']);
      expect(status.lastPass?.sheets['A']).toMatchObject({ tried: 3, healed: 3 });
    });
  });

  it('ends its own pause at its end', async () => {
    await withProcess({ ...idle, ...retrying({ open: {} }).activities }, async ({ startErrors, errorsReach }) => {
      const handle = await startErrors();
      await errorsReach('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      await handle.signal('pause', { until: new Date(Date.now() + 1_500).toISOString() });
      await errorsReach('paused', (s) => s.state === 'paused' && s.until !== undefined);
      await errorsReach('idle again', (s) => s.state === 'idle' && s.until === undefined);
    });
  });

  it('waits while a system is down, resumes the same pass behind what was tried, and leaves what depends on it for then', async () => {
    let calls = 0;
    const batches: string[] = [];
    const answer = (input: RetryErroredInput): RetryResult => {
      batches.push(`${input.entityType} ${input.rows.map(({ id }) => id).join(' ')}`);
      if (input.entityType !== 'A' || ++calls > 2) return healed(input);
      return { sheet: { ...nothing, tried: 1, healed: 1 }, done: 1, stopped: down };
    };
    const { activities } = retrying({
      open: { A: rowsOf('1', '2', '3', '4'), B: rowsOf('5'), C: rowsOf('6') },
      dependsOn: { B: ['A'] },
      answer,
    });
    await withProcess({ ...idle, ...activities }, async ({ startErrors, errorsReach }) => {
      await startErrors();
      const waiting = await errorsReach('waiting', (s) => s.state === 'waiting');
      expect(waiting.failure).toMatchObject({ entityType: 'A', code: 'Unreachable' });
      const status = await errorsReach('well again', (s) => s.state === 'idle' && s.lastPass !== undefined);
      expect(batches).toEqual(['A 1 2 3 4', 'C 6', 'A 2 3 4', 'A 3 4', 'B 5']);
      expect(status.failure).toBeUndefined();
      expect(status.lastPass?.sheets).toMatchObject({ A: { tried: 4 }, B: { tried: 1 }, C: { tried: 1 } });
    });
  });

  it('keeps to the back-off of a sick system whatever an earlier pass healed, and whatever is released meanwhile', async () => {
    let calls = 0;
    const open = { A: rowsOf('1') };
    const answer = (input: RetryErroredInput): RetryResult => {
      if (++calls > 1) return { sheet: nothing, done: 0, stopped: { ...down, retryAfter: 600_000 } };
      // Due in the next pass only: it failed no later than the one in hand.
      open.A.push(...rowsOf('2'));
      return healed(input);
    };
    const { activities } = retrying({ open, answer, plan: { dueNow: 1 } });
    await withProcess({ ...idle, ...activities }, async ({ startErrors, errorsReach }) => {
      const handle = await startErrors();
      const sick = (s: ErrorsStatus): boolean => s.state === 'waiting' && s.nextRun !== undefined;
      const { nextRun } = await errorsReach('waiting', sick);
      await handle.signal('released');
      await handle.signal('released');
      await until(
        'both are in its history',
        async () => (await handle.fetchHistory()).events?.filter((each) => each.workflowExecutionSignaledEventAttributes).length === 2,
      );
      expect((await errorsReach('waiting still', sick)).nextRun).toBe(nextRun);
      expect(calls).toBe(2);
    });
  });

  it('asks whether its regular process is paused until a plan was made', async () => {
    const { activities, plans } = retrying({ open: { A: rowsOf('1') } });
    let refusals = 0;
    const planRetries: typeof activities.planRetries = async (input) => {
      const answer = await activities.planRetries(input);
      return ++refusals === 1 ? { kind: 'refused', code: 'DefinitionInvalid', message: 'm' } : answer;
    };
    await withProcess({ ...idle, ...activities, planRetries }, async ({ startErrors, errorsReach }) => {
      const handle = await startErrors();
      await errorsReach('refused', (s) => s.state === 'stopped');
      await handle.signal('runNow');
      await until('it looked after the pass', () => plans.length === 3);
      expect(plans.map(({ first }) => first)).toEqual([true, true, false]);
    });
  });

  it('goes on after a child was terminated, and says so until then', async () => {
    let calls = 0;
    const { activities, tried } = retrying({
      open: { A: rowsOf('1', '2', '3'), B: rowsOf('4') },
      dependsOn: { B: ['A'] },
      answer: async (input) => (++calls === 2 ? retryUntilCancelled(0) : healed(input)),
      limit: 1,
    });
    await withProcess({ ...idle, ...activities }, async ({ startErrors, errorsReach, process, client }) => {
      const handle = await startErrors();
      await errorsReach('the second batch', (s) => s.child !== undefined && calls === 2);
      await client.workflow.getHandle(`${process}/errors/A`).terminate('test');
      const stopped = await errorsReach('stopped', (s) => s.state === 'stopped');
      expect(stopped.failure?.code).toBe('ChildFailed');
      expect(tried).toEqual(['A 1']);
      await handle.signal('runNow');
      await errorsReach('all tried', (s) => s.state === 'idle' && tried.length === 4);
      expect(tried).toEqual(['A 1', 'A 2', 'A 3', 'B 4']);
    });
  });

  it('takes at once, by the new plan, all that a changed definition left in the middle of a pass', async () => {
    const { activities, tried, plans } = retrying({ open: { A: rowsOf('1', '2'), B: rowsOf('3'), C: rowsOf('4') }, limit: 1 });
    const changed = { code: 'DefinitionChanged', message: 'm', remedy: 'r', needs: 'person' } as const;
    const dueRows: typeof activities.dueRows = async (input) =>
      tried.length === 1 && plans.length === 1 ? { stopped: changed } : activities.dueRows(input);
    await withProcess({ ...idle, ...activities, dueRows }, async ({ startErrors, errorsReach }) => {
      await startErrors();
      const { failure } = await errorsReach('all tried', (s) => s.state === 'idle' && tried.length === 4);
      expect(failure).toBeUndefined();
      expect(tried).toEqual(['A 1', 'A 2', 'B 3', 'C 4']);
    });
  });

  it('says no longer that it stopped once nothing is due', async () => {
    const open = { A: rowsOf('1') };
    const stop = { code: 'Defect', message: 'm', remedy: 'r', needs: 'person' } as const;
    const { activities } = retrying({ open, answer: () => ({ sheet: nothing, done: 0, stopped: stop }) });
    await withProcess({ ...idle, ...activities }, async ({ startErrors, errorsReach }) => {
      const handle = await startErrors();
      await errorsReach('stopped', (s) => s.state === 'stopped' && s.failure?.code === 'Defect');
      open.A = [];
      await handle.signal('runNow');
      await errorsReach('well', (s) => s.state === 'idle' && s.failure === undefined);
    });
  });

  it('waits for its next time where a person is needed, whatever the pass healed and is due', async () => {
    let calls = 0;
    const stop = { code: 'TooManyErrors', message: 'm', remedy: 'r', needs: 'person' } as const;
    const answer = (input: RetryErroredInput): RetryResult =>
      ++calls > 1 ? healed(input) : { sheet: { ...nothing, tried: 1, healed: 1, released: 9 }, done: 1, stopped: stop };
    const { activities, tried } = retrying({
      open: { A: rowsOf('1', '2'), B: rowsOf('3') },
      dependsOn: { B: ['A'] },
      answer,
      plan: { dueNow: 1 },
      limit: 1,
    });
    await withProcess({ ...idle, ...activities }, async ({ startErrors, errorsReach }) => {
      await startErrors();
      const status = await errorsReach('stopped', (s) => s.state === 'stopped' && s.nextRun !== undefined);
      // Too many children failed: the rows themselves are all tried.
      expect([status.failure?.code, tried, calls]).toEqual(['TooManyErrors', ['A 1', 'A 2', 'B 3'], 3]);
    });
  });

  it('ignores messages it does not understand, says so, and goes on', async () => {
    await withProcess({ ...idle, ...retrying({ open: {} }).activities }, async ({ startErrors, errorsReach }) => {
      const handle = await startErrors();
      await errorsReach('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      for (const wrong of ['text', 5, [], { reson: 'typo' }, { until: 'tomorrow' }]) await handle.signal('pause', wrong);
      for (const wrong of [undefined, 'text', 5, [], {}, { since: 'x' }, { since: '2026-01-01T00:00:00.000Z', until: 'tomorrow' }])
        await handle.signal('follow', wrong);
      await handle.signal('released', 'odd');
      await handle.signal('runNow', { odd: true });
      const status = await errorsReach('ignored', (s) => s.notes.some((note) => note.includes('follow')) && s.state === 'idle');
      expect(status.state).toBe('idle');
    });
  });

  it('drains when it is cancelled', async () => {
    let calls = 0;
    const { activities, tried } = retrying({
      open: { A: rowsOf('1', '2') },
      answer: async () => {
        calls += 1;
        return retryUntilCancelled(1);
      },
    });
    await withProcess({ ...idle, ...activities }, async ({ startErrors, errorsReach, process, client }) => {
      const handle = await startErrors();
      await errorsReach('running', (s) => s.child !== undefined && calls === 1);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      await until('the batch is over', () => tried.length === 1);
      await leavesNothingOpen(client, `${process}/errors`);
    });
  });
});
