import { describe, expect, it } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { TimeoutFailure } from '@temporalio/common';
import type { Activities } from '../../workflows/contracts.js';
import { idle } from '../support/fake-activities.js';
import { planOf, withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

const unreachable = { code: 'Unreachable', message: 'm', remedy: 'r', needs: 'system', system: 'emr' } as const;

describe('while its plan is made, a process', () => {
  it('says that it looks for changes while it plans, never that all is in step before it knows, also in its current details', async () => {
    let release: (() => void) | undefined;
    let down = false;
    const activities: Activities = {
      ...idle,
      planCycle: async (input) => {
        const beat = setInterval(() => Context.current().heartbeat(), 50);
        await new Promise<void>((resolve) => (release = resolve));
        clearInterval(beat);
        return down ? { kind: 'plan', plan: planOf([{ entityType: 'A', stopped: unreachable }]) } : idle.planCycle(input);
      },
    };
    const planned = async (): Promise<void> => {
      (await until('it plans', () => release))();
      release = undefined;
    };
    await withProcess(activities, async ({ start, reaches, client, process, status }) => {
      const handle = await start();
      const details = (): Promise<string> =>
        client.workflow.getHandle(process).query<string>('__temporal_workflow_metadata').then(JSON.stringify);
      await until('it plans', () => release);
      expect((await status()).words).toBe('Looking for changes.');
      expect(await details()).toContain('Looking for changes.');
      down = true;
      await planned();
      expect((await reaches('waiting', (s) => s.state === 'waiting' && s.nextRun !== undefined)).words).toMatch(
        /^A system does not answer.*Next look/,
      );
      await until('it plans again', () => release);
      expect((await status()).words).toMatch(/^Looking for changes. When it last did, a system did not answer as it should. m r$/);
      down = false;
      await planned();
      expect((await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined)).words).toMatch(
        /^Everything up to the last horizon is in step. Next look/,
      );
      expect(await details()).toContain('in step');
      await handle.signal('runNow');
      await until('it plans once more', () => release);
      expect((await status()).words).toBe('Looking for changes.');
      await planned();
    });
  });

  it('says so where its plan is not made in time, also the first, and makes another', async () => {
    let calls = 0;
    const activities: Activities = {
      ...idle,
      planCycle: async (input) => {
        calls += 1;
        if (calls <= 3) throw new TimeoutFailure('activity StartToClose timeout', undefined, 'START_TO_CLOSE');
        return idle.planCycle(input);
      },
    };
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      const status = await reaches('waiting', (s) => s.state === 'waiting');
      expect(status).toMatchObject({ failure: { code: 'PlanTimedOut', needs: 'system' }, nextRun: expect.any(String) });
      expect(status.words).toContain('longer than 5 minutes');
      await handle.signal('runNow');
      await reaches('idle', (s) => s.state === 'idle' && s.failure === undefined && s.types['A'] !== undefined);
      expect(calls).toBe(4);
    });
  });

  it('makes up for what was asked for now while no plan could be made', async () => {
    let broken = 0;
    const asked: boolean[] = [];
    const activities: Activities = {
      ...idle,
      planCycle: async (input) => {
        if (broken > 0) {
          broken -= 1;
          throw new TimeoutFailure('activity StartToClose timeout', undefined, 'START_TO_CLOSE');
        }
        asked.push(input.runNow);
        return idle.planCycle(input);
      },
    };
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      broken = 3;
      await handle.signal('runNow');
      await reaches('waiting', (s) => s.state === 'waiting' && s.nextRun !== undefined);
      // Any cycle that begins of itself: here one that a rest ends.
      await handle.signal('pause', {});
      await reaches('paused', (s) => s.state === 'paused');
      await handle.signal('resume');
      await reaches('idle again', (s) => s.state === 'idle' && s.nextRun !== undefined);
      expect(asked).toEqual([false, true]);
    });
  });
});
