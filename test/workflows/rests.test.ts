import { describe, expect, it } from '@jest/globals';
import type { PlannedType } from '../../workflows/contracts.js';
import { noErrors } from '../../workflows/errors/state.js';
import { downBy } from '../../workflows/down.js';
import { endRests, letRest, nextLook } from '../../workflows/rests.js';
import type { ProcessState, TypeState } from '../../workflows/state.js';
import type { Stop } from '../../src/model/stop.js';
import { planOf } from '../support/process-harness.js';

const stop = (code: string, more: Partial<Stop> = {}): Stop => ({
  code,
  message: 'm',
  remedy: 'r',
  needs: 'system',
  system: 'avni',
  ...more,
});
const forbidden = stop('Forbidden', { needs: 'person', byItself: true });
const parentStopped: Stop = { code: 'ParentStopped', message: 'm', remedy: 'r', needs: 'person', byItself: true };

/**
 * Milliseconds from now until each type is asked again, in hundreds; types that do not rest are
 * left out.
 */
function rested(types: Record<string, TypeState>, planned: (Partial<PlannedType> & { entityType: string })[]) {
  const state: ProcessState = { v: 1, began: '', cycle: 2, state: 'idle', since: '', failures: 0, types, errors: noErrors };
  const plan = planOf(
    planned.map((each) => ({ uses: ['avni', 'emr'], ...each })),
    2_000,
  );
  const now = Date.now();
  letRest(state, plan);
  const left = (until: number): number => Math.round((until - now) / 100) * 100;
  const rests = Object.entries(state.types).flatMap(([name, { rests: until }]) =>
    until ? [[name, left(Date.parse(until))] as const] : [],
  );
  return { rests: Object.fromEntries(rests), next: left(nextLook(state, plan)), state };
}

describe('what fails rests by itself', () => {
  it('and with it what depends on it, while the others keep their time', () => {
    const types = { A: { stopped: forbidden, failures: 4 }, B: { stopped: parentStopped }, C: {} };
    const { rests, next, state } = rested(types, [{ entityType: 'A' }, { entityType: 'B', dependsOn: ['A'] }, { entityType: 'C' }]);
    expect(rests).toEqual({ A: 500, B: 500 });
    expect(next).toBe(500);
    expect(state.types['A']?.failures).toBe(5);
    const soon = rested({ A: { stopped: stop('ServerError'), failures: 9 } }, [
      { entityType: 'A' },
      { entityType: 'C', nextDue: new Date(Date.now() + 200).toISOString() },
    ]);
    expect(soon.next).toBe(200);
  });

  it.each([
    ['cannot be reached', stop('Unreachable'), 100],
    ['asked to be left alone', stop('RateLimited', { retryAfter: 60_000 }), 60_000],
    ['is not available', stop('Unavailable', { retryAfter: 90_000 }), 90_000],
  ])('and with it every type of a system that %s, but not those of another', (_what, down, until) => {
    const planned = [{ entityType: 'A' }, { entityType: 'C' }, { entityType: 'D', uses: ['dhis', 'emr'] }];
    const { rests, next } = rested({ A: { stopped: down }, C: {}, D: {} }, planned);
    expect(rests).toEqual({ A: until, C: until });
    expect(next).toBe(Math.min(until, 2_000));
  });

  it('goes on resting while others run, and is counted once for each time it was asked', () => {
    const types = { A: { stopped: forbidden, failures: 2, rests: new Date(Date.now() + 7_000).toISOString() }, C: {} };
    const { rests, next, state } = rested(types, [{ entityType: 'A', due: false }, { entityType: 'C' }]);
    expect(rests).toEqual({ A: 7_000 });
    expect(next).toBe(2_000);
    expect(state.types['A']?.failures).toBe(2);
  });

  describe('is no word of a system', () => {
    const slow = stop('TimedOut');
    /** When the test runs, not when it is read. */
    const later = () => ({ rests: new Date(Date.now() + 7_000).toISOString() });
    const sick = () => ({ stopped: slow, failures: 2, ...later() });

    it('in a cycle that asked it nothing: what was answered before keeps its time', () => {
      const idle = { due: false, nextDue: new Date(Date.now() + 400).toISOString() };
      const types = ['A', 'B', 'C'].map((entityType) => ({ entityType, ...idle }));
      const { rests, next } = rested({ A: sick(), B: sick(), C: {} }, types);
      expect(rests).toEqual({ A: 7_000, B: 7_000 });
      expect(next).toBe(400);
    });

    it('in a cycle that asked it nothing: what rests since it was down rests on', () => {
      const types = ['A', 'B', 'C'].map((entityType) => ({ entityType, due: false }));
      expect(rested({ A: sick(), B: sick(), C: later() }, types).rests).toEqual({ A: 7_000, B: 7_000, C: 7_000 });
    });

    it('where two that always fail are asked in turns: neither keeps the third from being asked', () => {
      const types = [
        { entityType: 'A', stopped: slow },
        { entityType: 'B', due: false },
        { entityType: 'C', due: false },
      ];
      const { rests } = rested({ A: { stopped: slow, failures: 2 }, B: sick(), C: later() }, types);
      expect(rests).toEqual({ A: 400, B: 7_000 });
    });
  });

  it('comes before those that failed, where it was passed over for their sake', () => {
    const tired = { stopped: stop('Unavailable'), failures: 2 };
    const types = ['A', 'B', 'C'].map((entityType) => ({ entityType, stopped: tired.stopped }));
    const { rests, state } = rested({ A: { ...tired }, B: { ...tired }, C: { stopped: tired.stopped, passedOver: true } }, types);
    expect(rests).toEqual({ A: 400, B: 400, C: 400 });
    expect([state.types['A']?.failures, state.types['C']?.failures]).toEqual([3, undefined]);
  });

  it('is done with once it is well', () => {
    const stale = { failures: 3, rests: new Date(Date.now() - 1_000).toISOString() };
    expect(rested({ A: stale, C: { stopped: forbidden } }, [{ entityType: 'A' }, { entityType: 'C' }]).state.types['A']).toEqual({});
    const state: ProcessState = {
      v: 1,
      began: '',
      cycle: 2,
      state: 'idle',
      since: '',
      failures: 0,
      types: { A: { ...stale } },
      errors: noErrors,
    };
    endRests(state);
    expect(state.types).toEqual({ A: {} });
  });

  it('is no system that lets one type alone wait in vain, but one that lets two', () => {
    const slow = stop('TimedOut');
    expect(downBy('avni', [slow, forbidden, stop('TimedOut', { system: 'emr' })])).toBeUndefined();
    expect(downBy('avni', [slow, forbidden, slow])).toBe(slow);
  });
});
