import { describe, expect, it } from '@jest/globals';
import type { Plan } from '../../workflows/contracts.js';
import { retrying } from '../support/fake-retries.js';
import { synced, withProcess, type Harness } from '../support/process-harness.js';
import { until } from '../support/until.js';
import type { KnownRows } from '../../src/model/known-rows.js';

const idle = ({ reaches }: Harness, what = 'idle') => reaches(what, (s) => s.state === 'idle' && s.nextRun !== undefined);
const one = { A: { errored: { X: 1 }, ignored: 0, waiting: 0 } };
const later: KnownRows = { open: one, dueAtOnce: 0, nextRetryAt: '2999-01-01T00:00:00.000Z' };

/**
 * A process whose errored records are due at no time that a test waits for, until `more` says
 * otherwise.
 */
function resting(more: (plan: number) => Partial<Plan> = () => ({})) {
  let plans = 0;
  const open: Record<string, string[]> = { A: [] };
  const fakes = retrying({
    open,
    plan: ({ list }) => ({ errors: { due: false, nextDue: later.nextRetryAt ?? '' }, ...(list ? { rows: later } : {}), ...more(++plans) }),
  });
  return { ...fakes, open };
}

describe('a pass over errored records begins', () => {
  it('at its cadence, once a row is due', async () => {
    let soon = '';
    const { activities, inputs } = resting((plan) => {
      soon ||= new Date(Date.now() + 5_000).toISOString();
      return {
        rows: { ...later, nextRetryAt: soon },
        errors: { due: plan > 1, nextDue: plan > 1 ? '2999-01-01T00:00:00.000Z' : soon },
      };
    });
    await withProcess(activities, async (harness) => {
      await harness.start();
      expect((await idle(harness)).errors.nextRun).toBe(soon);
      expect(inputs).toEqual([]);
      await until('a pass', () => inputs.length === 1);
      expect(inputs[0]?.pass.all).toBeUndefined();
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(soon));
    });
  });

  it('at runNow, also for errors alone, with every row that is tried by itself; not where none is open', async () => {
    const { activities, inputs, plans } = resting();
    await withProcess(activities, async (harness) => {
      const handle = await harness.start();
      await idle(harness);
      await handle.signal('runNow', { errors: true });
      await until('a pass', () => inputs.length === 1);
      await idle(harness, 'idle again');
      // After that nothing is open.
      for (const [number, payload] of [undefined, { errors: true }].entries()) {
        await handle.signal('runNow', payload);
        await until('it looked', () => plans.length > 2 + number);
        await idle(harness, 'idle once more');
      }
      expect(inputs.map(({ pass }) => pass.all)).toEqual([true]);
      expect(plans.map(({ runNow }) => runNow)).toEqual([false, false, true, false]);
    });
  });

  it('when a row says that a person decided about it, after a look at the list', async () => {
    const { activities, inputs, plans } = resting();
    await withProcess(activities, async (harness) => {
      const handle = await harness.start();
      await idle(harness);
      await handle.signal('rowChanged', {});
      await until('a pass', () => inputs.length === 1);
      await idle(harness, 'idle again');
      expect(plans.map(({ list }) => list)).toEqual([true, true]);
    });
  });

  it('when a changed definition may mend rows', async () => {
    const { activities, inputs } = resting((plan) => (plan > 1 ? { digest: 'd2', rows: { ...later, dueAtOnce: 1 } } : {}));
    await withProcess(activities, async (harness) => {
      const handle = await harness.start();
      await idle(harness);
      expect(inputs).toEqual([]);
      // Any cycle finds the new definition.
      await handle.signal('runNow');
      await until('a pass', () => inputs.length === 1);
      expect(inputs[0]?.digest).toBe('d2');
    });
  });

  it('when a turn of changes brought a record in step on which children wait', async () => {
    const { activities, turns } = retrying({
      open: {},
      types: [{ entityType: 'T' }],
      plan: () => ({ errors: { due: false, nextDue: later.nextRetryAt ?? '' } }),
      sync: async ({ until: horizon }) => ({ ...synced(horizon), rows: { open: one, dueAtOnce: 1, wake: true } }),
    });
    await withProcess(activities, async (harness) => {
      await harness.start();
      await until('a pass', () => turns.includes('errors'));
      expect(turns.slice(0, 2)).toEqual(['T', 'errors']);
    });
  });

  it('when the pass before healed something, and rows are due at once still; not where a person is needed', async () => {
    for (const needs of ['system', 'person'] as const) {
      let calls = 0;
      const stop = { code: 'TooManyErrors', message: 'm', remedy: 'r', needs } as const;
      const { activities, inputs } = retrying({
        open: { A: ['1', '2'] },
        limit: 1,
        answer: (_input, heal) => {
          calls += 1;
          const due = { open: one, dueAtOnce: calls === 1 ? 1 : 0 };
          return { ...heal(), done: true, rows: due, ...(needs === 'person' && calls === 1 ? { stopped: { A: stop } } : {}) };
        },
      });
      await withProcess(activities, async ({ start, reaches }) => {
        await start();
        const state = needs === 'person' ? 'stopped' : 'idle';
        await reaches('it rests', (s) => s.state === state && s.nextRun !== undefined && (needs === 'person' || calls === 2));
        expect(inputs).toHaveLength(needs === 'person' ? 1 : 2);
      });
    }
  });

  it('anew, by the new plan, with all that a changed definition left in the middle of a pass', async () => {
    let calls = 0;
    const changed = { code: 'DefinitionChanged', message: 'm', remedy: 'r', needs: 'person' } as const;
    const { activities, tried, plans } = retrying({
      open: { A: ['1', '2'], B: ['3'] },
      limit: 1,
      answer: (_input, heal) => (++calls === 2 ? { ...heal(0), done: false, stopped: { all: changed } } : heal()),
    });
    await withProcess(activities, async ({ start, reaches }) => {
      await start();
      const { errors } = await reaches('all tried', (s) => s.state === 'idle' && tried.length === 3 && s.nextRun !== undefined);
      expect(errors.failure).toBeUndefined();
      expect(tried).toEqual(['A 1', 'A 2', 'B 3']);
      expect(plans.length).toBeGreaterThanOrEqual(2);
    });
  });
});
