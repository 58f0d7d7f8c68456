import { describe, expect, it } from '@jest/globals';
import type { Activities, WritingActivities } from '../../workflows/contracts.js';
import { recording } from '../support/fake-activities.js';
import { synced as syncedOne, withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

const PLAN = 'a'.repeat(16);
const OTHER = 'b'.repeat(16);

describe('a run that is asked for by its plan', () => {
  it('is that of this plan alone: another one runs nothing, and that is said', async () => {
    const { activities, synced } = recording(async ({ until: at }) => syncedOne(at));
    const asked: (string | undefined)[] = [];
    const planning: Activities & Pick<WritingActivities, 'syncChanges'> = {
      ...activities,
      planCycle: async (input) => {
        asked.push(input.plan);
        if (input.plan === undefined || input.plan === PLAN) return activities.planCycle(input);
        const made = await activities.planCycle({ ...input, runNow: false });
        return made.kind === 'plan' ? { kind: 'plan', plan: { ...made.plan, other: PLAN } } : made;
      },
    };
    await withProcess(planning, async ({ start, reaches, status }) => {
      const handle = await start();
      await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      expect(synced).toEqual(['A', 'B', 'C']);
      await handle.signal('runNow', { plan: OTHER });
      const refused = await reaches('it is refused', (s) => s.notes.some((note) => note.includes('runNow asked for the plan')));
      expect(refused.notes.join()).toContain(`plan ${OTHER}, and the plan is ${PLAN} now`);
      expect(synced).toHaveLength(3);
      await handle.signal('runNow', { plan: PLAN });
      await until('it runs', () => synced.length === 6);
      await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      // The next one asks for none.
      await handle.signal('runNow');
      await until('it runs again', () => synced.length === 9);
      expect(asked.filter((each) => each !== undefined)).toEqual([OTHER, PLAN]);
      await handle.signal('runNow', { plan: 'not a digest' });
      await until('it is not followed', async () => (await status()).notes.some((note) => note.includes('must be the digest')));
    });
  });
});
