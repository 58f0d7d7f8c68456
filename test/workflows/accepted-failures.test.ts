import { describe, expect, it } from '@jest/globals';
import { allowedByResume } from '../../src/model/failing.js';
import { retrying } from '../support/fake-retries.js';
import { synced, withProcess, type Harness } from '../support/process-harness.js';
import { until } from '../support/until.js';
import type { RetryErroredResult } from '../../src/model/turns.js';

const stop = { code: 'TooManyErrors', message: 'm', remedy: 'r', needs: 'person' } as const;
const some = { consecutive: 3, recent: '.xxx' };
const more = { consecutive: 5, recent: '.xxxxx' };
const left = { open: { A: { errored: { X: 1 }, ignored: 0, waiting: 0 } }, dueAtOnce: 0 };

/**
 * A process with rows that never end; `answers` what becomes of each pass, `open` how many are open
 * then.
 */
function answering(answers: (Partial<RetryErroredResult> | Promise<Partial<RetryErroredResult>>)[], open: number[] = []) {
  let calls = 0;
  const count = () => ({ ...left, open: { A: { errored: { X: open[calls] ?? 1 }, ignored: 5, waiting: 5 } } });
  return retrying({
    open: { A: Array.from({ length: 99 }, (_, index) => String(index)) },
    limit: 1,
    answer: async (_input, heal) => {
      const answer = await answers[calls++];
      return { ...heal(), done: true, rows: count(), ...answer };
    },
  });
}

const rests = ({ reaches }: Harness, what: string) =>
  reaches(what, (s) => ['idle', 'stopped'].includes(s.state) && s.nextRun !== undefined);

describe('where released children fail too often', () => {
  it('it is judged over passes, and by resume recorded at once what still fails, until a pass gets to its end', async () => {
    const { activities, inputs } = answering([
      { failing: { A: some } },
      { failing: { A: more }, stopped: { A: stop } },
      { failing: { A: { consecutive: 1, recent: 'x', allowed: 990 } } },
      {},
    ]);
    await withProcess(activities, async (harness) => {
      const handle = await harness.start();
      await rests(harness, 'the first pass');
      await handle.signal('runNow', { errors: true });
      await harness.reaches('stopped', (s) => s.errors.state === 'stopped' && s.nextRun !== undefined);
      await handle.signal('resume');
      await until('what still fails is tried', () => inputs.length === 3);
      await harness.reaches('well', (s) => s.state === 'idle' && s.failure === undefined && s.nextRun !== undefined);
      await handle.signal('runNow', { errors: true });
      await until('the next', () => inputs.length === 4);
      expect(inputs.map(({ failing }) => failing?.['A'])).toEqual([undefined, some, allowedByResume, undefined]);
      expect(inputs.every((input) => input.openUpTo === undefined)).toBe(true);
    });
  });

  it('a resume tries at once what still fails, without a runNow', async () => {
    const { activities, inputs } = answering([{ failing: { A: some }, stopped: { A: stop } }, {}]);
    await withProcess(activities, async (harness) => {
      const handle = await harness.start();
      await harness.reaches('stopped', (s) => s.errors.state === 'stopped' && s.nextRun !== undefined);
      await handle.signal('resume', { errorsOnly: true });
      await until('what still fails is tried', () => inputs.length === 2);
      expect(inputs[1]?.failing).toEqual({ A: allowedByResume });
      await harness.reaches('well', (s) => s.state === 'idle' && s.failure === undefined && s.nextRun !== undefined);
    });
  });

  it('a resume excuses nothing where it did not stop so', async () => {
    const { activities, inputs } = answering([{ failing: { A: some } }, {}]);
    await withProcess(activities, async (harness) => {
      const handle = await harness.start();
      await rests(harness, 'the first pass');
      await handle.signal('resume');
      await handle.signal('runNow', { errors: true });
      await until('the next', () => inputs.length === 2);
      expect(inputs[1]?.failing).toEqual({ A: some });
    });
  });

  it('a resume that arrives while they are tried holds, whatever becomes of that', async () => {
    let answer: (result: Partial<RetryErroredResult>) => void = () => undefined;
    const asked = new Promise<Partial<RetryErroredResult>>((resolve) => (answer = resolve));
    const { activities, inputs } = answering([{ failing: { A: some }, stopped: { A: stop } }, asked, {}]);
    await withProcess(activities, async (harness) => {
      const handle = await harness.start();
      await rests(harness, 'stopped');
      await handle.signal('runNow', { errors: true });
      await until('it tries them', () => inputs.length === 2);
      await handle.signal('resume');
      // A query is answered once what came before it is taken.
      await handle.query('status');
      answer({ failing: { A: more }, stopped: { A: stop } });
      await until('it goes on by itself', () => inputs.length === 3);
      expect(inputs[2]?.failing).toEqual({ A: allowedByResume });
      await harness.reaches('well', (s) => s.state === 'idle' && s.failure === undefined && s.nextRun !== undefined);
    });
  });

  it('half as many again may be open by resume where too many were, until fewer than half of that are', async () => {
    const { activities, inputs } = answering(
      [{ failing: { A: some }, stopped: { A: { ...stop, open: 11 } } }, {}, {}, {}],
      [11, 11, 9, 8, 8],
    );
    await withProcess(activities, async (harness) => {
      const handle = await harness.start();
      await rests(harness, 'stopped');
      await handle.signal('resume');
      for (const pass of [2, 3, 4]) {
        await until(`pass ${pass}`, () => inputs.length >= pass);
        await harness.reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
        await handle.signal('runNow', { errors: true });
      }
      expect(inputs.map(({ openUpTo }) => openUpTo).slice(0, 4)).toEqual([undefined, 17, 17, undefined]);
      expect(inputs[1]?.failing).toEqual({ A: allowedByResume });
    });
  });

  it('it begins anew under a changed definition', async () => {
    let digest = 'd1';
    const { activities, inputs } = answering([{ failing: { A: some }, stopped: { A: stop } }, {}]);
    const planCycle: typeof activities.planCycle = async (input) => {
      const answer = await activities.planCycle(input);
      return answer.kind === 'plan' ? { kind: 'plan', plan: { ...answer.plan, digest } } : answer;
    };
    await withProcess({ ...activities, planCycle }, async (harness) => {
      const handle = await harness.start();
      await rests(harness, 'stopped');
      digest = 'd2';
      await handle.signal('runNow');
      await until('the next', () => inputs.length === 2);
      expect(inputs[1]?.failing?.['A']).toBeUndefined();
    });
  });
});

describe('what an operator accepted of too many open rows', () => {
  it('holds for changes and for retries alike', async () => {
    const { activities, inputs } = retrying({
      open: { A: ['1'] },
      types: [{ entityType: 'A' }],
      plan: () => ({ errors: { due: false, nextDue: '2999-01-01T00:00:00.000Z' } }),
      sync: async ({ until: horizon, openUpTo }) => ({
        ...synced(horizon, 0),
        ...(openUpTo === undefined ? { bookmark: null, done: false, stopped: { ...stop, open: 3 } } : {}),
        rows: { ...left, open: { A: { errored: { X: 3 }, ignored: 0, waiting: 0 } } },
      }),
    });
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('stopped', (s) => s.state === 'stopped' && s.nextRun !== undefined);
      await handle.signal('resume');
      await reaches('idle', (s) => s.state === 'idle' && s.openUpTo === 5 && s.nextRun !== undefined);
      await handle.signal('runNow', { errors: true });
      await until('a pass', () => inputs.length === 1);
      expect(inputs[0]?.openUpTo).toBe(5);
    });
  });
});
