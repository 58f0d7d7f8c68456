import { describe, expect, it } from '@jest/globals';
import { withMore } from '../../src/errors/failure-streak.js';
import { bytesOf } from '../../src/model/clean.js';
import { notFailing } from '../../src/model/failing.js';
import { withFindings } from '../../src/model/findings.js';
import { keepSmall } from '../../workflows/keep-small.js';
import type { ProcessState } from '../../workflows/state.js';
import { recording } from '../support/fake-activities.js';
import { planOf, synced, withProcess } from '../support/process-harness.js';
import { until } from '../support/until.js';

const unmapped = Array.from({ length: 100 }, (_, n) => `${n} ${'परीक्षण '.repeat(30)}`);
const findings = withFindings({}, [{ id: 'x'.repeat(2_000), unmapped }]);
/** Each fails otherwise than the one before, with a remedy as long as one may be. */
const failing = withMore(
  notFailing,
  Array.from({ length: 200 }, (_, n) => ({ errorType: `Type${n}`.padEnd(60, 'x'), remedy: 'x'.repeat(2_000) })),
);
const NAMES = Array.from({ length: 12 }, (_, n) => `Type${n}`.padEnd(60, '-'));

describe('what hostile records leave in a process', () => {
  it('is handed on though it is more than Temporal takes: what can be gathered anew is left out', async () => {
    expect(NAMES.length * bytesOf({ findings, failing })).toBeGreaterThan(4_000_000);
    const { activities } = recording(
      async ({ until: at }) => ({ ...synced(at), findings, failing }),
      planOf(NAMES.map((entityType) => ({ entityType }))),
    );
    await withProcess(activities, async ({ start, status }) => {
      const handle = await start();
      await until(
        'the second run',
        async () => {
          const { cycle, nextRun } = await status();
          return cycle > 1 && nextRun !== undefined;
        },
        60_000,
      );
      const { types, notes, state } = await status();
      expect(state).toBe('idle');
      expect(Object.values(types).map(({ bookmark }) => bookmark?.v)).toEqual(NAMES.map(() => 1));
      expect(notes.join()).toContain('was left out');
      await handle.terminate();
    });
  }, 120_000);

  it('loses nothing but that, and findings alone where this is enough', () => {
    const first = (names: number, fared: object): object | undefined => {
      const types = Object.fromEntries(Array.from({ length: names }, (_, n) => [`T${n}`, { direction: 'a → b', findings, ...fared }]));
      const state: ProcessState = {
        ...{ v: 1, began: '', cycle: 1, state: 'idle', since: '', failures: 0, errors: { stopped: {}, failures: 0 }, types },
      };
      keepSmall(state);
      return state.types['T0'];
    };
    expect(first(10, {})).toEqual({ direction: 'a → b', findings });
    expect(first(100, { failing: notFailing })).toEqual({ direction: 'a → b', failing: notFailing });
    expect(first(100, { failing })).toEqual({ direction: 'a → b' });
  });
});
