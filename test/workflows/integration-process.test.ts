import { describe, expect, it } from '@jest/globals';
import { WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { CancelledFailure, Context } from '@temporalio/activity';
import type { Activities, SyncChangesInput } from '../../workflows/contracts.js';
import { emptySheet } from '../../src/model/sheet.js';
import { idle, recording } from '../support/fake-activities.js';
import { retrying } from '../support/fake-retries.js';
import { planOf, synced, withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

const unreachable = { code: 'Unreachable', message: 'm', remedy: 'r', needs: 'system', system: 'emr' } as const;

describe('integrationProcess', () => {
  it('syncs the types in order, one child each, and keeps bookmarks, sheets and memo', async () => {
    const { activities, synced: order } = recording(async (input) => synced(input.until, 3));
    await withProcess(activities, async ({ start, reaches, client, process }) => {
      await start();
      const status = await reaches('idle', (s) => s.state === 'idle' && s.types['C']?.lastDone !== undefined);
      expect(order).toEqual(['A', 'B', 'C']);
      expect(status.types['A']).toMatchObject({ total: { ...emptySheet, read: 3, created: 3 }, bookmark: { v: 1, systems: 'a+b' } });
      const { memo, searchAttributes } = await client.workflow.getHandle(process).describe();
      expect(memo?.['bookmarks']).toEqual({
        A: status.types['A']?.bookmark,
        B: status.types['B']?.bookmark,
        C: status.types['C']?.bookmark,
      });
      expect(searchAttributes).toMatchObject({ IntegrationProcess: [process], SyncState: ['idle'] });
    });
  });

  it('skips what depends on a stopped type, in that cycle, and not the others; says why', async () => {
    const stop = { code: 'InvalidResource', message: 'm', remedy: 'r', needs: 'person', record: 'x' } as const;
    const { activities, synced: order } = recording(async (input) =>
      input.entityType === 'A' ? { ...synced(input.until), done: false, stopped: stop } : synced(input.until),
    );
    await withProcess(activities, async ({ start, reaches }) => {
      await start();
      const status = await reaches('stopped', (s) => s.state === 'stopped');
      expect(order).toEqual(['A', 'C']);
      expect(status.failure).toMatchObject({ entityType: 'A', code: 'InvalidResource', record: 'x' });
      expect(status.types['B']?.stopped?.code).toBe('ParentStopped');
    });
  });

  it('waits by itself while a system is down, and goes on once it is well', async () => {
    let calls = 0;
    const { activities } = recording(
      async (input) =>
        ++calls < 4 ? { ...synced(input.until), done: false, sheet: emptySheet, stopped: unreachable } : synced(input.until),
      planOf([{ entityType: 'A' }]),
    );
    await withProcess(activities, async ({ start, reaches }) => {
      await start();
      await reaches('waiting', (s) => s.state === 'waiting' && s.failure?.code === 'Unreachable');
      const status = await reaches('idle', (s) => s.state === 'idle' && s.types['A']?.lastDone !== undefined);
      expect(status.failure).toBeUndefined();
      expect(calls).toBe(4);
    });
  });

  it('goes on at once after resume where too many records failed, and takes more of them then', async () => {
    const stop = { code: 'TooManyErrors', message: 'm', remedy: 'r', needs: 'person' as const, record: 'a1' };
    const inputs: SyncChangesInput[] = [];
    const { activities } = recording(
      async (input) => {
        inputs.push(input);
        const failing = { consecutive: 25, recent: 'x' };
        return inputs.length === 1
          ? { ...synced(input.until, 0), bookmark: null, done: false, stopped: stop, failing }
          : synced(input.until);
      },
      planOf([{ entityType: 'A' }]),
    );
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('stopped', (s) => s.state === 'stopped');
      await handle.signal('resume');
      await reaches('done', (s) => s.types['A']?.lastDone !== undefined);
      expect(inputs[1]).not.toHaveProperty('trial');
      expect(inputs[1]?.failing?.allowed).toBeGreaterThan(100);
    });
  });

  it('goes by a resume that arrives while the one record is tried, whatever becomes of that', async () => {
    const stop = { code: 'TooManyErrors', message: 'm', remedy: 'r', needs: 'person' as const, record: 'a1' };
    const inputs: SyncChangesInput[] = [];
    let tried: () => void = () => undefined;
    const trying = new Promise<void>((resolve) => (tried = resolve));
    const { activities } = recording(
      async (input) => {
        inputs.push(input);
        if (input.trial) await trying;
        const failing = { consecutive: 25, recent: 'x' };
        return inputs.length < 3 ? { ...synced(input.until, 0), bookmark: null, done: false, stopped: stop, failing } : synced(input.until);
      },
      planOf([{ entityType: 'A' }]),
    );
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('stopped', (s) => s.state === 'stopped');
      await handle.signal('runNow');
      await until('the record is tried', () => inputs[1]?.trial !== undefined);
      await handle.signal('resume');
      // A query is answered once what came before it is taken.
      await handle.query('status');
      tried();
      await reaches('done', (s) => s.state === 'idle' && s.types['A']?.lastDone !== undefined);
      expect(inputs[2]).not.toHaveProperty('trial');
      expect(inputs[2]?.failing?.allowed).toBeGreaterThan(100);
    });
  });

  it('goes on after resume where too many rows are open until half as many again are, and excuses nothing else', async () => {
    const stop = { code: 'TooManyErrors', message: 'm', remedy: 'r', needs: 'person' as const, open: 11 };
    const failing = { consecutive: 3, recent: 'xxx' };
    const inputs: SyncChangesInput[] = [];
    const { activities } = recording(async (input) => {
      if (input.entityType !== 'A') return synced(input.until);
      inputs.push(input);
      return inputs.length === 1
        ? { ...synced(input.until, 0), bookmark: null, done: false, stopped: stop, failing }
        : { ...synced(input.until), failing };
    });
    const counts = [11, 9, 9, 8];
    let plans = 0;
    const planCycle: Activities['planCycle'] = async (input) => {
      const answer = await activities.planCycle(input);
      const open = { B: { errored: { X: counts[plans++] ?? 0 }, ignored: 5, waiting: 5 } };
      return answer.kind === 'plan' ? { kind: 'plan', plan: { ...answer.plan, rows: { open, dueAtOnce: 0 } } } : answer;
    };
    await withProcess({ ...retrying({ open: {} }).activities, ...activities, planCycle }, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('stopped', (s) => s.state === 'stopped' && s.nextRun !== undefined);
      await handle.signal('resume');
      for (const cycle of [2, 3, 4]) {
        await until(`cycle ${cycle}`, () => inputs.length >= cycle);
        await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
        await handle.signal('runNow');
      }
      expect(inputs[0]).not.toHaveProperty('openUpTo');
      expect(inputs.slice(1, 4).map(({ openUpTo }) => openUpTo)).toEqual([17, 17, undefined]);
      expect(inputs[1]?.failing).toEqual(failing);
    });
  });

  it('pauses in the middle of a sync with nothing left open, keeps what was done, and resumes', async () => {
    let running = false;
    let pausedOnce = false;
    let whyCancelled = '';
    const { activities } = recording(
      async (input) => {
        if (pausedOnce) return synced(input.until, 2);
        running = true;
        const beat = setInterval(() => Context.current().heartbeat({}), 50);
        await Context.current().cancelled.catch((error: unknown) => {
          whyCancelled = String(error);
        });
        clearInterval(beat);
        pausedOnce = true;
        return {
          bookmark: { v: 1, at: '2020-01-01T00:00:00.000Z' },
          sheet: { ...emptySheet, read: 5, created: 5 },
          findings: {},
          done: false,
          cancelled: true,
        };
      },
      planOf([{ entityType: 'A' }]),
    );
    await withProcess(activities, async ({ start, reaches, client, process }) => {
      const handle = await start();
      await reaches('running', (s) => s.state === 'running' && running);
      await handle.signal('pause', { reason: 'EMR upgrade', by: 'Asha' });
      const paused = await reaches('paused', (s) => s.state === 'paused');
      expect(paused).toMatchObject({
        reason: 'EMR upgrade',
        by: 'Asha',
        types: { A: { bookmark: { at: '2020-01-01T00:00:00.000Z' }, total: { read: 5 } } },
      });
      expect(paused.words).toContain('EMR upgrade');
      expect(whyCancelled).toContain('Cancel');
      const { raw } = await client.workflow.getHandle(process).describe();
      expect(raw.pendingChildren ?? []).toEqual([]);
      expect(raw.pendingActivities ?? []).toEqual([]);
      await handle.signal('resume');
      const done = await reaches('done', (s) => s.state === 'idle' && s.types['A']?.lastDone !== undefined);
      expect(done.types['A']?.total?.read).toBe(7);
    });
  });

  it('ignores messages it does not understand, says so, and goes on', async () => {
    await withProcess(idle, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.types['A'] !== undefined);
      for (const wrong of ['text', 5, [], { reson: 'typo' }, { until: 'tomorrow' }, { reason: { a: 1 } }])
        await handle.signal('pause', wrong);
      await handle.signal('resume', { odd: true });
      await handle.signal('runNow', 'odd');
      for (const until of ['2999-01-01', '2999-02-31T00:00:00Z', 'yesterday']) await handle.signal('pause', { until });
      const status = await reaches('ignored', (s) => s.notes.some((note) => note.includes('until')));
      expect(status.state).not.toBe('paused');
    });
  });

  it('ends a pause by itself at its end', async () => {
    await withProcess(idle, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('idle', (s) => s.types['A'] !== undefined);
      await handle.signal('pause', { until: new Date(Date.now() + 1_500).toISOString() });
      await reaches('paused', (s) => s.state === 'paused' && s.until !== undefined);
      await reaches('idle again', (s) => s.state === 'idle' && s.until === undefined);
    });
  });

  it('refuses a rewind of a running type or to nonsense, applies it otherwise, and sends again', async () => {
    const { activities, synced: order } = recording(async (input) => synced(input.until), planOf([{ entityType: 'A' }]));
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      const before = await reaches('idle', (s) => s.state === 'idle' && s.types['A']?.lastDone !== undefined);
      for (const wrong of [
        {},
        { entityType: 'Z', to: '2020-01-01T00:00:00Z' },
        { entityType: 'A', to: 'x' },
        { entityType: 'A', to: '2999-01-01T00:00:00Z' },
        { entityType: 'A', to: '2020-01-01' },
        { entityType: 'A', to: '2020-02-31T00:00:00Z' },
        { entityType: 'A', to: '2020-01-01T00:00:00Z', from: 'B' },
      ])
        await expect(handle.executeUpdate('rewind', { args: [wrong] })).rejects.toBeInstanceOf(WorkflowUpdateFailedError);
      await handle.executeUpdate('rewind', { args: [{ entityType: 'A', to: '2020-01-01T00:00:00Z' }] });
      await reaches(
        'sent again',
        (s) => order.length === 2 && s.state === 'idle' && (s.types['A']?.lastDone ?? '') > (before.types['A']?.lastDone ?? ''),
      );
    });
  });

  it('refuses a workflow id that is not its process, and a refused first plan', async () => {
    await withProcess(idle, async ({ start }) => {
      const wrong = await start({ process: 'other/process' });
      await expect(wrong.result()).rejects.toMatchObject({ cause: { type: 'WrongWorkflowId' } });
    });
    const refusing: Activities = {
      ...idle,
      planCycle: async () => ({ kind: 'refused', code: 'UnknownProcess', message: 'no such process' }),
    };
    await withProcess(refusing, async ({ start }) => {
      const refused = await start();
      await expect(refused.result()).rejects.toBeInstanceOf(WorkflowFailedError);
      await expect(refused.result()).rejects.toMatchObject({ cause: { type: 'UnknownProcess', message: 'no such process' } });
    });
  });

  it('refuses a start input with what it does not know, or a state that is none', async () => {
    await withProcess(idle, async ({ start }) => {
      for (const odd of [{ bookmark: {} }, { state: null }, { state: 5 }, { state: { v: 1 } }, { acceptSystems: 'yes' }])
        await expect((await start(odd as object)).result()).rejects.toMatchObject({ cause: { type: 'InvalidInput' } });
    });
  });

  it('keeps the bookmarks it was started with over a pause during its first plan', async () => {
    const seen: unknown[] = [];
    let paused = false;
    const activities: Activities = {
      ...idle,
      planCycle: async (input) => {
        seen.push(input.startBookmarks);
        if (paused) return idle.planCycle(input);
        const beat = setInterval(() => Context.current().heartbeat(), 50);
        await Context.current().cancelled.catch(() => undefined);
        clearInterval(beat);
        paused = true;
        throw new CancelledFailure('paused');
      },
    };
    const bookmarks = { A: '2020-01-01T00:00:00.000Z' };
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start({ bookmarks });
      await until('the plan is being made', () => seen.length === 1);
      await handle.signal('pause', {});
      await reaches('paused', (s) => s.state === 'paused');
      await handle.signal('resume');
      await reaches('idle', (s) => s.state === 'idle' && s.types['A'] !== undefined);
      expect(seen.slice(0, 2)).toEqual([bookmarks, bookmarks]);
    });
  });

  it('drains and keeps its bookmarks in the memo when it is cancelled', async () => {
    const { activities } = recording(async (input) => synced(input.until), planOf([{ entityType: 'A' }]));
    await withProcess(activities, async ({ start, reaches, client, process }) => {
      const handle = await start();
      const status = await reaches('idle', (s) => s.state === 'idle' && s.types['A']?.lastDone !== undefined);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      const { memo, searchAttributes } = await client.workflow.getHandle(process).describe();
      expect(memo?.['bookmarks']).toEqual({ A: status.types['A']?.bookmark });
      expect(searchAttributes?.['SyncState']).toEqual(['cancelled']);
    });
  });
});
