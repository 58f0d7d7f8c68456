import { describe, expect, it } from '@jest/globals';
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { planRetries } from '../../activities/plan-retries.js';
import { lookAtProcess } from '../../src/temporal/look-at-process.js';
import type { Activities } from '../../workflows/contracts.js';
import { idle } from '../support/fake-activities.js';
import { dependenciesOf } from '../support/plan-dependencies.js';
import { retryUntilCancelled, retrying, rowsOf } from '../support/fake-retries.js';
import { withLateWorker } from '../support/late-worker.js';
import { until } from '../support/until.js';
import { planOf, synced, withProcess } from '../support/process-harness.js';

const quiet = { ...idle, ...retrying({ open: {} }).activities };

describe('an error process and its regular process', () => {
  it('rest together, in the middle of a pass, with nothing left open; and go on together', async () => {
    let calls = 0;
    const { activities } = retrying({
      open: { A: rowsOf('1') },
      answer: async ({ rows }) => {
        calls += 1;
        return calls === 1
          ? retryUntilCancelled(0)
          : { sheet: { tried: 1, healed: 1, failing: 0, gone: 0, released: 0 }, done: rows.length };
      },
    });
    await withProcess({ ...idle, ...activities }, async ({ start, startErrors, reaches, errorsReach, client, process }) => {
      const regular = await start();
      await startErrors();
      await errorsReach('in a pass', (s) => s.child !== undefined && calls === 1);
      await reaches('idle', (s) => s.state === 'idle' && s.types['A'] !== undefined);
      await regular.signal('pause', { reason: 'EMR upgrade' });
      await reaches('paused', (s) => s.state === 'paused');
      const paused = await errorsReach('paused too', (s) => s.state === 'paused');
      expect(paused.words).toContain('with its regular process, because: EMR upgrade');
      for (const workflowId of [process, `${process}/errors`]) {
        const { raw } = await client.workflow.getHandle(workflowId).describe();
        expect([raw.pendingChildren ?? [], raw.pendingActivities ?? []]).toEqual([[], []]);
      }
      await regular.signal('resume');
      await errorsReach('healed', (s) => s.state === 'idle' && s.lastPass?.sheets['A']?.healed === 1);
    });
  });

  it.each([
    ['was there before is told whether to rest', {}, true],
    ['was started by the plan, and asks for itself, is not', { errorsStarted: true as const }, false],
  ])('one that %s', async (_which, started, told) => {
    const plan = { ...planOf([{ entityType: 'A', hasChanges: false }]), ...started };
    await withProcess({ ...quiet, planCycle: async () => ({ kind: 'plan', plan }) }, async ({ start, reaches, client, process }) => {
      await start();
      await reaches('idle', (s) => s.state === 'idle' && s.types['A'] !== undefined);
      const { events } = await client.workflow.getHandle(process).fetchHistory();
      expect((events ?? []).some((event) => event.signalExternalWorkflowExecutionInitiatedEventAttributes)).toBe(told);
    });
  });

  it('does not rest with a pause that is for the regular process only', async () => {
    await withProcess(quiet, async ({ start, startErrors, reaches, errorsReach }) => {
      const regular = await start();
      const errors = await startErrors();
      await errorsReach('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      await regular.signal('pause', { only: true });
      await reaches('paused', (s) => s.state === 'paused');
      await errors.signal('runNow');
      await errorsReach('another look', (s) => s.state === 'idle' && s.cycle > 1);
    });
  });

  it.each([
    ['does not rest where it is started while its regular process rests alone', [{ only: true }], 'its error process goes on', 'idle'],
    [
      'rests where it is started while its regular process rests, though that was said again for it alone',
      [{}, { only: true }],
      '',
      'paused',
    ],
    ['rests where it is started while its regular process rests with it after all', [{ only: true }, {}], '', 'paused'],
  ] as const)('%s', async (_what, pauses, words, state) => {
    let client: Client | undefined;
    const planning: typeof quiet.planRetries = async (input) => planRetries(input, dependenciesOf(client as Client));
    await withProcess({ ...quiet, planRetries: planning }, async (harness) => {
      client = harness.client;
      const regular = await harness.start();
      await harness.reaches('idle', (s) => s.state === 'idle' && s.types['A'] !== undefined);
      for (const pause of pauses) await regular.signal('pause', pause);
      const status = await harness.reaches('paused', (s) => s.state === 'paused' && (s.only === true) === (words !== ''));
      expect(status.words).toMatch(new RegExp(`^Paused since [^,]+${words && `, ${words}`}\\. Signal resume`));
      await harness.startErrors();
      await harness.errorsReach(state, (s) => s.state === state && (state === 'paused' || s.nextRun !== undefined));
    });
  });

  it('rests with a regular process that is told in one breath to pause, and to pause alone', async () => {
    await withProcess(quiet, async ({ client, process, taskQueue, startErrors, reaches, errorsReach }) => {
      await startErrors();
      await errorsReach('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      const late = `${taskQueue}-late`;
      const regular = await client.workflow.start('integrationProcess', { workflowId: process, taskQueue: late, args: [{ process }] });
      await regular.signal('pause', { reason: 'EMR upgrade' });
      await regular.signal('pause', { reason: 'and mapping', only: true });
      await withLateWorker({ taskQueue: late, activities: quiet }, async () => {
        const { only } = await reaches('paused', (s) => s.state === 'paused');
        expect(only).toBeUndefined();
        await errorsReach('paused too', (s) => s.state === 'paused');
        await regular.terminate('test over');
      });
    });
  });

  it('rests where it is started while the regular process rests, and goes on when that pause ends by itself', async () => {
    let regularRests: () => Promise<boolean> = async () => false;
    const planRetries: typeof quiet.planRetries = async (input) => {
      const answer = await quiet.planRetries(input);
      return answer.kind === 'plan' && input.first && (await regularRests())
        ? { kind: 'plan', plan: { ...answer.plan, follow: { since: new Date().toISOString(), reason: 'its regular process is paused' } } }
        : answer;
    };
    await withProcess({ ...quiet, planRetries }, async ({ start, status, startErrors, reaches, errorsReach }) => {
      regularRests = async () => (await status()).state === 'paused';
      const regular = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.types['A'] !== undefined);
      await regular.signal('pause', { until: new Date(Date.now() + 2_500).toISOString() });
      await startErrors();
      await errorsReach('paused', (s) => s.state === 'paused');
      await reaches('the end of the pause', (s) => s.state === 'idle' && s.until === undefined);
      await errorsReach('idle', (s) => s.state === 'idle');
    });
  });

  it('rests where it is started while its regular process was told to pause and still finishes what is in flight', async () => {
    let [syncing, paused] = [false, false];
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const activities: Activities = {
      planCycle: async () => ({ kind: 'plan', plan: planOf([{ entityType: 'A' }]) }),
      syncChanges: async (input) => {
        if (paused) return synced(input.until);
        syncing = true;
        const beat = setInterval(() => Context.current().heartbeat({}), 50);
        await Context.current().cancelled.catch(() => undefined);
        paused = true;
        await finished;
        clearInterval(beat);
        return { ...synced(input.until, 0), bookmark: null, done: false, cancelled: true };
      },
    };
    let client: Client | undefined;
    const planning: typeof quiet.planRetries = async (input) => planRetries(input, dependenciesOf(client as Client));
    await withProcess({ ...quiet, ...activities, planRetries: planning }, async (harness) => {
      const { start, startErrors, reaches, errorsReach, status, process } = harness;
      client = harness.client;
      const regular = await start();
      await until('it syncs', () => syncing);
      expect(await lookAtProcess(client, process)).toEqual({ paused: false, taskQueue: harness.taskQueue });
      await regular.signal('pause');
      try {
        await until('the sync is told', () => paused);
        await startErrors();
        await errorsReach('paused', (s) => s.state === 'paused');
        expect((await status()).state).toBe('running');
        expect((await lookAtProcess(client, process)).paused).toBe(true);
      } finally {
        finish();
      }
      await reaches('paused', (s) => s.state === 'paused');
      await regular.signal('resume');
      await errorsReach('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      await reaches('idle', (s) => s.state === 'idle');
      expect((await lookAtProcess(client, process)).paused).toBe(false);
    });
  });

  it('goes on where it is told so while its first plan is made, though that saw a pause', async () => {
    for (const [name, payload] of [['follow', null] as const, ['resume', {}] as const]) {
      let asked = 0;
      let told: () => void = () => undefined;
      const telling = new Promise<void>((resolve) => (told = resolve));
      const planRetries: typeof quiet.planRetries = async (input) => {
        const answer = await quiet.planRetries(input);
        asked += 1;
        if (answer.kind !== 'plan' || !input.first) return answer;
        await telling;
        return { kind: 'plan', plan: { ...answer.plan, follow: { since: new Date().toISOString() } } };
      };
      await withProcess({ ...quiet, planRetries }, async ({ startErrors, errorsReach }) => {
        const errors = await startErrors();
        await until('the plan is made', () => asked > 0);
        await errors.signal(name, payload);
        // A query is answered once what came before it is taken.
        await errors.query('status');
        told();
        await errorsReach('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      });
    }
  });

  it('goes on with a regular process that is started anew after one was terminated while both rested', async () => {
    await withProcess(quiet, async ({ start, startErrors, reaches, errorsReach }) => {
      const first = await start();
      await startErrors();
      await reaches('idle', (s) => s.state === 'idle' && s.types['A'] !== undefined);
      await first.signal('pause');
      await errorsReach('paused', (s) => s.state === 'paused');
      await first.terminate('test');
      await start();
      await errorsReach('idle', (s) => s.state === 'idle');
    });
  });

  it('can be resumed by itself while the regular process rests', async () => {
    await withProcess(quiet, async ({ start, startErrors, reaches, errorsReach }) => {
      const regular = await start();
      const errors = await startErrors();
      await reaches('idle', (s) => s.state === 'idle' && s.types['A'] !== undefined);
      await regular.signal('pause');
      await errorsReach('paused', (s) => s.state === 'paused');
      await errors.signal('resume');
      await errorsReach('idle', (s) => s.state === 'idle');
      await reaches('still paused', (s) => s.state === 'paused');
    });
  });

  it('is closed by cancelling the regular process', async () => {
    await withProcess(quiet, async ({ start, startErrors, reaches, client, process }) => {
      const regular = await start();
      await startErrors();
      await reaches('idle', (s) => s.state === 'idle' && s.types['A'] !== undefined);
      await regular.cancel();
      await expect(client.workflow.getHandle(`${process}/errors`).result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    });
  });
});
