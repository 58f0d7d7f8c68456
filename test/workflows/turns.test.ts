import { describe, expect, it } from '@jest/globals';
import { retrying } from '../support/fake-retries.js';
import { synced, timing, withProcess } from '../support/process-harness.js';

/** A turn that is over as soon as it began: each activity is one. */
const short = { timing: { ...timing, turn: 1 } };

/** A result after so many activities. */
function afterSome(count: number): (at: string) => ReturnType<typeof synced> {
  let calls = 0;
  return (at) => ({ ...synced(at), done: ++calls >= count });
}

describe('a turn', () => {
  it('of a long first load gives way to retries at its end, and the type then goes on within the same plan', async () => {
    const load = afterSome(4);
    const { activities, turns, plans } = retrying({
      open: { X: ['1', '2', '3'] },
      limit: 1,
      types: [{ entityType: 'A' }, { entityType: 'B' }],
      plan: () => short,
      sync: async ({ entityType, until }) => (entityType === 'A' ? load(until) : synced(until)),
    });
    await withProcess(activities, async ({ start, reaches }) => {
      await start();
      const status = await reaches('done', (s) => s.types['B']?.lastDone !== undefined);
      expect(turns).toEqual(['A', 'errors', 'A', 'errors', 'A', 'errors', 'A', 'B']);
      expect(plans).toHaveLength(1);
      expect(status.types['A']?.total?.read).toBe(4);
    });
  });

  it('of a long pass of retries gives way to changes at its end, and the pass goes on in the next cycle, from its place', async () => {
    const { activities, turns, inputs } = retrying({
      open: { X: ['1', '2', '3'] },
      limit: 1,
      types: [{ entityType: 'A' }],
      plan: () => short,
    });
    await withProcess(activities, async ({ start, reaches }) => {
      await start();
      const { errors } = await reaches('done', (s) => s.errors.lastPass !== undefined);
      expect(turns.slice(0, 6)).toEqual(['A', 'errors', 'A', 'errors', 'A', 'errors']);
      expect(inputs.map(({ pass }) => pass.place?.after?.id)).toEqual([undefined, '1', '2']);
      expect(new Set(inputs.map(({ pass }) => pass.began)).size).toBe(1);
      expect(errors.lastPass?.sheets['X']?.tried).toBe(3);
    });
  });

  it('whose child gives what is no result counts as lost: nothing of it is taken over, and the next begins where it did', async () => {
    const asked: unknown[] = [];
    const { activities } = retrying({
      open: {},
      types: [{ entityType: 'A' }],
      sync: async ({ until, after }) => {
        asked.push(after);
        const well = synced(until);
        return asked.length > 1 ? well : { ...well, sheet: { ...well.sheet, created: 'many' as unknown as number } };
      },
    });
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      const lost = await reaches('it stopped', (s) => s.types['A']?.stopped !== undefined);
      expect(lost.types['A']).toMatchObject({ stopped: { code: 'ChildFailed' } });
      await handle.signal('runNow');
      const { types } = await reaches('it went on', (s) => s.types['A']?.lastDone !== undefined);
      expect(types['A']?.total).toMatchObject({ read: 1, created: 1 });
      expect(asked).toEqual([null, null]);
    });
  });

  it('tells each activity how much of it is left', async () => {
    const times: number[] = [];
    const { activities, inputs } = retrying({
      open: { X: ['1'] },
      types: [{ entityType: 'A' }],
      sync: async ({ until, time }) => {
        times.push(time);
        return { ...synced(until), done: times.length > 1 };
      },
    });
    await withProcess(activities, async ({ start, reaches }) => {
      await start();
      await reaches('done', (s) => s.errors.lastPass !== undefined);
      const [first = 0, second = 0] = times;
      expect(first).toBeLessThanOrEqual(timing.turn);
      expect(second).toBeLessThan(first);
      expect(second).toBeGreaterThan(0);
      expect(inputs[0]?.time).toBeLessThanOrEqual(timing.turn);
    });
  });
});
