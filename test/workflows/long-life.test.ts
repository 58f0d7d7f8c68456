import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { findTemporal } from '../../src/temporal/find-temporal.js';
import { emptySheet } from '../../src/model/sheet.js';
import { idle, recording, type Syncing } from '../support/fake-activities.js';
import { planOf, synced, withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

/** Works until it is cancelled, then gives what `done` says. */
async function workUntilCancelled(done: { at: string; read: number }) {
  const beat = setInterval(() => Context.current().heartbeat({}), 50);
  await Context.current().cancelled.catch(() => undefined);
  clearInterval(beat);
  return {
    bookmark: { v: 1 as const, at: done.at },
    sheet: { ...emptySheet, read: done.read, created: done.read },
    findings: {},
    done: false,
    cancelled: true as const,
  };
}

describe('a process that lives long', () => {
  it('keeps state, memo and signals over fifty cycles with signals arriving all the time', async () => {
    const { activities } = recording(async (input) => synced(input.until), planOf([{ entityType: 'A' }]));
    await withProcess(activities, async ({ start, status, client, process }) => {
      const handle = await start();
      await until(
        'fifty cycles',
        async () => {
          await handle.signal('runNow');
          const { cycle, types } = await status();
          return cycle > 50 && types['A']?.total;
        },
        60_000,
      );
      const { types, cycle } = await status();
      // One record a cycle: none forgotten, none counted twice.
      expect(types['A']?.total?.created).toBeGreaterThanOrEqual(cycle - 1);
      expect(types['A']?.total?.created).toBeLessThanOrEqual(cycle);
      const { memo } = await client.workflow.getHandle(process).describe();
      expect(memo?.['bookmarks']).toMatchObject({ A: { v: 1, systems: 'a+b' } });
    });
  });

  it('rests with pause and goes on with resume though the sync was still draining', async () => {
    let calls = 0;
    const release: (() => void)[] = [];
    const { activities } = recording(
      async (input) => {
        if (++calls > 1) return synced(input.until);
        const result = await workUntilCancelled({ at: '2020-01-01T00:00:00.000Z', read: 3 });
        await new Promise<void>((resolve) => release.push(resolve));
        return result;
      },
      planOf([{ entityType: 'A' }]),
    );
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('running', (s) => s.state === 'running' && calls === 1);
      await handle.signal('pause');
      await until('draining', () => release.length > 0);
      await reaches('says it is pausing', (s) => s.words.startsWith('Pausing'));
      await handle.signal('resume');
      release[0]?.();
      const status = await reaches('done', (s) => s.state === 'idle' && s.types['A']?.lastDone !== undefined);
      expect(status.types['A']?.total?.read).toBe(4);
    });
  });

  it('pauses at once while it backs off, and asks nothing of any system until resumed', async () => {
    let asked = 0;
    const down = { code: 'Unreachable', message: 'm', remedy: 'r', needs: 'system' } as const;
    const activities: Syncing = {
      planCycle: async () => {
        asked += 1;
        return { kind: 'plan', plan: planOf([{ entityType: 'A', stopped: { ...down, retryAfter: 600_000 } }]) };
      },
      syncChanges: idle.syncChanges,
    };
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('waiting', (s) => s.state === 'waiting' && s.nextRun !== undefined);
      await handle.signal('pause');
      await reaches('paused', (s) => s.state === 'paused');
      await handle.signal('runNow');
      await reaches('still paused', (s) => s.state === 'paused');
      expect(asked).toBe(1);
      await handle.signal('resume');
      await until('asked again', () => asked === 2);
    });
  });

  it('refuses a second start while it runs', async () => {
    await withProcess(idle, async ({ start }) => {
      await start();
      await expect(start()).rejects.toBeInstanceOf(WorkflowExecutionAlreadyStartedError);
    });
  });

  it('goes on untouched where it is started a second time by `temporal`, which refuses that only with --fail-existing', async () => {
    const { path } = await findTemporal({ env: process.env, log: () => undefined });
    await withProcess(idle, async ({ start, process: id, taskQueue, client }) => {
      const { firstExecutionRunId } = await start();
      const words = ['--address', process.env['SANGAM_TEST_TEMPORAL'] ?? '', '--type', 'integrationProcess', '--task-queue', taskQueue];
      const again = (...more: string[]) =>
        promisify(execFile)(path, ['workflow', 'start', ...words, '--workflow-id', id, '--input', '{"process": "other"}', ...more]);
      expect((await again()).stdout).toContain('Running execution');
      await expect(again('--fail-existing')).rejects.toThrow('already running');
      const { raw, status } = await client.workflow.getHandle(id).describe();
      expect({ status: status.name, first: raw.workflowExecutionInfo?.firstRunId }).toEqual({
        status: 'RUNNING',
        first: firstExecutionRunId,
      });
    });
  });

  it('waits, started anew, for the child of a terminated run, whose memo has its progress', async () => {
    let calls = 0;
    const { activities } = recording(
      async (input) => (++calls === 1 ? workUntilCancelled({ at: '2021-01-01T00:00:00.000Z', read: 7 }) : synced(input.until)),
      planOf([{ entityType: 'A' }]),
    );
    await withProcess(activities, async ({ start, reaches, client, process }) => {
      const first = await start();
      await reaches('running', (s) => s.state === 'running' && calls === 1);
      await first.terminate('test');
      await start({ bookmarks: { A: '2019-01-01T00:00:00.000Z' } });
      await reaches('caught up', (s) => s.state === 'idle' && s.types['A']?.lastDone !== undefined);
      const [child] = await until('the first child has closed', async () => {
        const runs: { memo?: unknown; runId: string; startTime: Date }[] = [];
        for await (const info of client.workflow.list({ query: `WorkflowId = '${process}/sync/A' AND ExecutionStatus = 'Completed'` }))
          runs.push(info);
        return runs.length === 2 && runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
      });
      const { memo } = await client.workflow.getHandle(`${process}/sync/A`, child?.runId).describe();
      expect(memo?.['bookmarks']).toEqual({ A: { v: 1, at: '2021-01-01T00:00:00.000Z', systems: 'a+b' } });
    });
  });

  it('keeps the bookmark, and says so, where a child was terminated', async () => {
    let calls = 0;
    const { activities } = recording(
      async (input) => (++calls === 1 ? workUntilCancelled({ at: '2021-01-01T00:00:00.000Z', read: 7 }) : synced(input.until)),
      planOf([{ entityType: 'A' }]),
    );
    await withProcess(activities, async ({ start, reaches, client, process }) => {
      const handle = await start({});
      await reaches('running', (s) => s.child !== undefined && calls === 1);
      await client.workflow.getHandle(`${process}/sync/A`).terminate('test');
      const status = await reaches('stopped', (s) => s.state === 'stopped');
      expect(status.failure?.code).toBe('ChildFailed');
      await handle.signal('runNow');
      await reaches('mended', (s) => s.state === 'idle' && s.failure === undefined);
    });
  });

  it('keeps saying that a type stopped while only others are due, and does not keep what depends on it', async () => {
    const stop = { code: 'InvalidResource', message: 'm', remedy: 'r', needs: 'person', record: 'x' } as const;
    let plans = 0;
    const synced: string[] = [];
    const activities: Syncing = {
      planCycle: async () => {
        plans += 1;
        const soon = { nextDue: new Date(Date.now() + (plans > 3 ? 600_000 : 50)).toISOString() };
        return {
          kind: 'plan',
          plan: planOf([
            { entityType: 'A', due: plans === 1 },
            { entityType: 'B', dependsOn: ['A'], ...soon },
          ]),
        };
      },
      syncChanges: async (input) => {
        synced.push(input.entityType);
        const result = { bookmark: { v: 1 as const, at: input.until }, sheet: emptySheet, findings: {}, done: true };
        return input.entityType === 'A' ? { ...result, done: false, stopped: stop } : result;
      },
    };
    await withProcess(activities, async ({ start, reaches }) => {
      await start();
      const status = await reaches('the fourth cycle is over', (s) => s.cycle === 4 && s.nextRun !== undefined);
      expect(status).toMatchObject({ state: 'stopped', failure: { entityType: 'A', code: 'InvalidResource', record: 'x' } });
      expect(synced).toEqual(['A', 'B', 'B', 'B']);
    });
  });
});
