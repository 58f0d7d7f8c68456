import { describe, expect, it } from '@jest/globals';
import type { Stop } from '../../src/model/stop.js';
import { withProcess } from '../support/process-harness.js';
import { sickActivities, tiredActivities } from '../support/sick-activities.js';

const longest = { retryAfter: 600_000 };
const down: Stop = { code: 'RateLimited', message: 'm', remedy: 'r', needs: 'system', system: 'emr', ...longest };
const refused: Stop = { code: 'Forbidden', message: 'm', remedy: 'r', needs: 'person', byItself: true, system: 'avni' };

describe('a process one of whose types fails', () => {
  it('tries nothing more of a system that is down, neither in this cycle nor before it may, and everything of another', async () => {
    let stop: Stop | undefined = down;
    const { activities, order } = sickActivities(() => stop);
    await withProcess(activities, async ({ start, reaches }) => {
      const handle = await start();
      const status = await reaches('waiting', (s) => s.state === 'waiting' && s.nextRun !== undefined);
      expect(order).toEqual(['A', 'D']);
      const { A, B, C, D } = status.types;
      expect([A?.stopped?.code, B?.stopped?.code, C?.stopped?.code, D?.stopped]).toEqual([
        'RateLimited',
        'ParentStopped',
        'RateLimited',
        undefined,
      ]);
      expect([A?.rests, B?.rests, C?.rests, D?.rests].map((each) => Date.parse(each ?? '') - Date.now() > 500_000)).toEqual([
        true,
        true,
        true,
        false,
      ]);
      stop = undefined;
      await handle.signal('runNow');
      const well = await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      expect(order.slice(2)).toEqual(['A', 'B', 'C', 'D']);
      expect(JSON.stringify(well.types)).not.toMatch(/rests|failures|stopped/);
    });
  });

  it('gives each other type its turn though two always find their destination unavailable, and they do not make it rest', async () => {
    const { activities, order } = tiredActivities();
    await withProcess(activities, async ({ start, reaches }) => {
      await start();
      const status = await reaches(
        'C and D are in step',
        ({ types, nextRun }) => !!types['C']?.lastDone && !!types['D']?.lastDone && nextRun !== undefined,
      );
      expect(order.join('')).toBe('ABABCD');
      const { A, B, C, D } = status.types;
      expect([A?.failures, B?.failures, C, D]).toMatchObject([2, 2, { lastDone: expect.any(String) }, { lastDone: expect.any(String) }]);
      expect(JSON.stringify([C, D])).not.toMatch(/rests|failures|stopped|passedOver/);
    });
  });

  it('goes on with all that does not depend on it, and tries it again by itself, less and less often', async () => {
    let stop: Stop | undefined = refused;
    const { activities, order } = sickActivities(() => stop);
    await withProcess(activities, async ({ start, reaches }) => {
      await start();
      const status = await reaches('stopped', (s) => s.state === 'stopped' && (s.types['A']?.failures ?? 0) > 2 && s.nextRun !== undefined);
      expect(order.slice(0, 3)).toEqual(['A', 'C', 'D']);
      expect(new Set(order.slice(3))).toEqual(new Set(['A']));
      expect(status.types['B']?.stopped).toMatchObject({ code: 'ParentStopped', needs: 'person', byItself: true });
      expect(status.words).toMatch(/^Needs a person; it is tried again by itself meanwhile. A: m r Next look/);
      stop = undefined;
      const well = await reaches('idle', (s) => s.state === 'idle' && s.nextRun !== undefined);
      expect(well.types['B']?.lastDone).toBeDefined();
    });
  });
});
