import { describe, expect, it } from '@jest/globals';
import { allowedByResume } from '../../src/model/failing.js';
import { sendToRow } from '../../src/temporal/rows/send-to-row.js';
import { listRows } from '../../src/temporal/rows/list-rows.js';
import { planRetries as reallyPlan } from '../../activities/plan-retries.js';
import type { RetryErroredInput, RetryPlan, RetryResult } from '../../workflows/contracts.js';
import { classified } from '../errored/support.js';
import { idle, recording } from '../support/fake-activities.js';
import { healed, retrying, rowsOf } from '../support/fake-retries.js';
import { dependenciesOf } from '../support/plan-dependencies.js';
import { synced, withProcess, type Harness } from '../support/process-harness.js';
import { until } from '../support/until.js';

const stop = { code: 'TooManyErrors', message: 'm', remedy: 'r', needs: 'person' } as const;
const some = { consecutive: 3, recent: '.xxx' };
const more = { consecutive: 5, recent: '.xxxxx' };

/** An error process with one row of A due, and one more after each batch; `answers` what becomes of each batch, beside being healed. */
function answering(answers: (Partial<RetryResult> | Promise<Partial<RetryResult>>)[], plans: Partial<RetryPlan>[] = []) {
  const open = { A: rowsOf('1') };
  const inputs: RetryErroredInput[] = [];
  const { activities } = retrying({
    open,
    answer: async (input) => {
      inputs.push(input);
      const answer = await answers[inputs.length - 1];
      // Due in the next pass only: it failed no later than the one in hand.
      open.A.push(...rowsOf(String(inputs.length + 1)));
      return { ...healed(input), ...answer };
    },
  });
  let planned = 0;
  const planRetries: typeof activities.planRetries = async (input) => {
    const answer = await activities.planRetries(input);
    return answer.kind === 'plan' ? { kind: 'plan', plan: { ...answer.plan, ...plans[planned++] } } : answer;
  };
  return { activities: { ...idle, ...activities, planRetries }, inputs };
}

const rests = ({ errorsReach }: Harness, what: string) =>
  errorsReach(what, (s) => ['idle', 'stopped'].includes(s.state) && s.nextRun !== undefined);

describe('an error process whose released children fail too often', () => {
  it('judges over batches and passes, and by resume records at once what still fails, until a pass gets to its end', async () => {
    const { activities, inputs } = answering([
      { failing: some },
      { failing: more, stopped: stop },
      { failing: { consecutive: 1, recent: 'x', allowed: 990 } },
      {},
    ]);
    await withProcess(activities, async (harness) => {
      const handle = await harness.startErrors();
      await rests(harness, 'the first pass');
      await handle.signal('runNow');
      await harness.errorsReach('stopped', (s) => s.state === 'stopped' && s.nextRun !== undefined);
      await handle.signal('resume');
      await until('what still fails is tried', () => inputs.length === 3);
      await harness.errorsReach('well', (s) => s.state === 'idle' && s.failure === undefined && s.nextRun !== undefined);
      await handle.signal('runNow');
      await until('the next', () => inputs.length === 4);
      expect(inputs.map(({ failing }) => failing)).toEqual([undefined, some, allowedByResume, undefined]);
      expect(inputs.every((input) => input.openUpTo === undefined)).toBe(true);
    });
  });

  it('is stopped still after a pause in which nothing was tried, and goes on by resume', async () => {
    const { activities, inputs } = answering([{ failing: some, stopped: stop }, {}]);
    await withProcess(activities, async (harness) => {
      const handle = await harness.startErrors();
      await harness.errorsReach('stopped', (s) => s.state === 'stopped' && s.nextRun !== undefined);
      await handle.signal('follow', { since: new Date().toISOString() });
      await harness.errorsReach('paused', (s) => s.state === 'paused');
      await handle.signal('follow', null);
      await rests(harness, 'its rest');
      expect(await handle.query('status')).toMatchObject({ state: 'stopped', failure: { code: 'TooManyErrors' } });
      await handle.signal('resume');
      await until('what still fails is tried', () => inputs.length === 2);
      expect(inputs[1]?.failing).toEqual(allowedByResume);
      await harness.errorsReach('well', (s) => s.state === 'idle' && s.failure === undefined && s.nextRun !== undefined);
    });
  });

  it('excuses nothing by a resume where it did not stop so', async () => {
    const { activities, inputs } = answering([{ failing: some }, {}]);
    await withProcess(activities, async (harness) => {
      const handle = await harness.startErrors();
      await rests(harness, 'the first pass');
      await handle.signal('resume');
      await handle.signal('runNow');
      await until('the next', () => inputs.length === 2);
      expect(inputs[1]?.failing).toEqual(some);
    });
  });

  it('goes by a resume that arrives while it tries them, whatever becomes of that', async () => {
    let answer: (result: Partial<RetryResult>) => void = () => undefined;
    const asked = new Promise<Partial<RetryResult>>((resolve) => (answer = resolve));
    const { activities, inputs } = answering([{ failing: some, stopped: stop }, asked, {}]);
    await withProcess(activities, async (harness) => {
      const handle = await harness.startErrors();
      await rests(harness, 'stopped');
      await handle.signal('runNow');
      await until('it tries them', () => inputs.length === 2);
      await handle.signal('resume');
      // A query is answered once what came before it is taken.
      await handle.query('status');
      answer({ failing: more, stopped: stop });
      await until('it goes on by itself', () => inputs.length === 3);
      expect(inputs[2]?.failing).toEqual(allowedByResume);
      await harness.errorsReach('well', (s) => s.state === 'idle' && s.failure === undefined && s.nextRun !== undefined);
    });
  });

  it('lets half as many again be open by resume where too many were, until fewer than half of that are', async () => {
    const open = (count: number) => ({ open: { A: { errored: { X: count }, ignored: 5, waiting: 5 } } });
    // Two plans a pass: before and after it.
    const plans = [11, 11, 8, 9, 9, 8, 8, 8].map(open);
    const { activities, inputs } = answering([{ failing: some, stopped: { ...stop, open: 11 } }, {}, {}, {}], plans);
    await withProcess(activities, async (harness) => {
      const handle = await harness.startErrors();
      await rests(harness, 'stopped');
      await handle.signal('resume');
      for (const pass of [2, 3, 4]) {
        await until(`pass ${pass}`, () => inputs.length === pass);
        await harness.errorsReach('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
        await handle.signal('runNow');
      }
      expect(inputs.map(({ openUpTo }) => openUpTo).slice(0, 4)).toEqual([undefined, 17, 17, undefined]);
      expect(inputs[1]?.failing).toEqual(allowedByResume);
    });
  });

  it('begins anew under a changed definition', async () => {
    const { activities, inputs } = answering([{ failing: some, stopped: stop }, {}], [{}, {}, { digest: 'd2' }]);
    await withProcess(activities, async (harness) => {
      const handle = await harness.startErrors();
      await rests(harness, 'stopped');
      await handle.signal('runNow');
      await until('the next', () => inputs.length === 2);
      expect(inputs[1]).not.toHaveProperty('failing');
    });
  });
});

describe('what an operator accepted of the regular process', () => {
  it('holds for its error process too, which asks where too many are open', async () => {
    const AT = '2026-01-01T00:00:00.000Z';
    const { activities: regular } = recording(async (input) => ({
      ...synced(input.until, 0),
      ...(input.openUpTo === undefined ? { bookmark: null, done: false, stopped: { ...stop, open: 3 } } : {}),
    }));
    const { activities, inputs } = answering([{}, {}]);
    let harness: Harness | undefined;
    const planRetries: typeof activities.planRetries = async (input) => {
      const answer = await reallyPlan(input, dependenciesOf(harness?.client as Harness['client'], { id: harness?.process ?? '' }));
      const types = [{ entityType: 'A', dependsOn: [], due: 1 }];
      return answer.kind === 'plan' ? { kind: 'plan', plan: { ...answer.plan, types: input.lastLook === undefined ? types : [] } } : answer;
    };
    await withProcess({ ...activities, ...regular, planRetries }, async (world) => {
      harness = world;
      const { client, taskQueue, process, start, startErrors, reaches } = world;
      const failure = { version: 'v1', stamp: AT, digest: 'd1', error: classified, at: AT, attempt: 1 };
      for (let id = 0; id < 100; id += 1)
        await sendToRow({ client, taskQueue }, { process, entityType: 'A', id: String(id) }, { kind: 'failed', ...failure });
      await until('all are listed', async () => (await listRows(client, process)).length === 100);
      const handle = await start();
      await reaches('stopped', (s) => s.state === 'stopped' && s.nextRun !== undefined);
      await handle.signal('resume');
      await reaches('idle', (s) => s.state === 'idle' && s.openUpTo === 5);
      await startErrors();
      await until('a pass', () => inputs.length === 1);
      expect(inputs[0]?.openUpTo).toBe(5);
    });
  });
});
