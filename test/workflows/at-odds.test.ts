import { describe, expect, it } from '@jest/globals';
import type { PlanCycleInput, PlanCycleResult } from '../../workflows/contracts.js';
import { idle } from '../support/fake-activities.js';
import { withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

const elsewhere: PlanCycleResult = { kind: 'elsewhere', worker: '12@host, folder /nowhere', message: 'It has no such process.' };

/** Answers of workers, one after another, then plans; with what each was asked. */
function workers(...answers: PlanCycleResult[]) {
  const asked: PlanCycleInput[] = [];
  const planCycle = async (input: PlanCycleInput): Promise<PlanCycleResult> => {
    asked.push(input);
    return answers.shift() ?? idle.planCycle(input);
  };
  return { activities: { ...idle, planCycle }, asked, answers };
}

describe('a worker that has not the process', () => {
  it('decides nothing for it: another is asked, and status names the one that is at odds', async () => {
    const { activities, asked, answers } = workers(elsewhere);
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      // As often as a wrong one may well answer where there are two.
      answers.push(elsewhere, elsewhere, elsewhere, elsewhere);
      await handle.signal('runNow');
      await until('it is asked again', () => asked.length === 7);
      const { state, notes } = await reaches('idle again', (s) => s.nextRun !== undefined);
      expect(state).toBe('idle');
      expect(notes.join()).toMatch(/at odds.*12@host, folder \/nowhere: It has no such process\./);
      // What was asked for is not forgotten with the answer, and nobody had to answer.
      expect(asked.slice(2).map(({ runNow, insist }) => [runNow, insist])).toEqual(Array(5).fill([true, undefined]));
    });
  });

  it('answers all the same where no other one does, soon where the process only starts', async () => {
    const refused: PlanCycleResult = { kind: 'refused', code: 'UnknownProcess', message: 'No definition has it.' };
    const { activities, asked } = workers(elsewhere, elsewhere, elsewhere, refused);
    await withProcess(activities, async ({ start }) => {
      const handle = await start();
      await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'UnknownProcess', message: 'No definition has it.' } });
      expect(asked.map(({ insist }) => insist)).toEqual([undefined, undefined, undefined, true]);
    });
  });
});
