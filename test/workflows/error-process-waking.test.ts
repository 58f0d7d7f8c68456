import { describe, it, expect } from '@jest/globals';
import { idle } from '../support/fake-activities.js';
import { healed, retrying, rowsOf } from '../support/fake-retries.js';
import { withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

describe('errorProcess is woken', () => {
  it('does not forget runNow and released that come during a pass', async () => {
    for (const name of ['runNow', 'released']) {
      let release: (() => void) | undefined;
      const open = { A: rowsOf('1') };
      const { activities, tried } = retrying({
        open,
        answer: async (input) => {
          if (tried.length === 0) await new Promise<void>((resolve) => (release = resolve));
          return healed(input);
        },
      });
      await withProcess({ ...idle, ...activities }, async ({ startErrors, errorsReach }) => {
        const handle = await startErrors();
        await errorsReach('running', (s) => s.child !== undefined && release !== undefined);
        open.A = rowsOf('1', '2');
        await handle.signal(name);
        await handle.query('status');
        release?.();
        await until(`${name} led to another pass`, () => tried.includes('A 2'));
      });
    }
  });

  it('makes up for a pass that was asked for while no plan could be made', async () => {
    const open = { A: rowsOf('1') };
    const { activities, tried, plans } = retrying({ open });
    let broken = false;
    const planRetries: typeof activities.planRetries = async (input) => {
      if (!broken) return activities.planRetries(input);
      broken = false;
      plans.push(input);
      return { kind: 'refused', code: 'DefinitionInvalid', message: 'm' };
    };
    await withProcess({ ...idle, ...activities, planRetries }, async ({ startErrors, errorsReach }) => {
      const handle = await startErrors();
      await errorsReach('idle', (s) => s.state === 'idle' && s.lastPass !== undefined);
      broken = true;
      open.A = rowsOf('1', '2');
      await handle.signal('released');
      await errorsReach('stopped', (s) => s.state === 'stopped' && s.failure?.code === 'DefinitionInvalid');
      // What wakes it early asks for no pass of itself.
      await handle.signal('pause');
      await errorsReach('paused', (s) => s.state === 'paused');
      await handle.signal('resume');
      await until('the pass', () => tried.includes('A 2'));
    });
  });

  it('begins the next pass at once where its time came during one', async () => {
    const { activities, plans } = retrying({ open: { A: rowsOf('1') } });
    let after = 0;
    const planRetries: typeof activities.planRetries = async (input) => {
      const answer = await activities.planRetries(input);
      // The second plan is that after the first pass.
      return answer.kind === 'plan' && ++after === 2 ? { kind: 'plan', plan: { ...answer.plan, due: true } } : answer;
    };
    await withProcess({ ...idle, ...activities, planRetries }, async ({ startErrors }) => {
      await startErrors();
      const third = await until('a third plan', () => plans[2]);
      expect(third.runNow).toBe(true);
    });
  });
});
