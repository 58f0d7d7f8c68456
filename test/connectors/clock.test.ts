import { describe, expect, it } from '@jest/globals';
import { horizonBy, type ClockReading } from '../../src/connectors/clock.js';
import { clockIn } from '../../src/connectors/date-header.js';

const NOW = Date.parse('2026-11-24T06:30:00.400Z');
const MARGIN = 10_000;
const limits = { margin: MARGIN, clockBound: 5_000 };

/**
 * An answer of a system whose clock is `ahead`, made `after` milliseconds of `took`, with whole
 * seconds in its header.
 */
function reading({ ahead = 0, took = 20, after = 10, age = 0, at = NOW }): ClockReading {
  const date = Math.floor((at + after + ahead - age) / 1_000) * 1_000;
  return { asked: at, answered: at + took, date, age: Math.floor(age / 1_000) * 1_000 };
}

const horizon = (given: Parameters<typeof reading>[0]) => horizonBy(reading(given), limits);

describe('the horizon by two clocks', () => {
  it.each([0, 1_000, 4_900, -1_000, -4_900])('is sure where they differ by %d ms', (ahead) => {
    expect(horizon({ ahead }).unsure).toBeUndefined();
  });

  it.each([16_000, 90_000, 3_600_000])('is this worker’s own, and said, where the system is %d ms ahead', (ahead) => {
    const { until, unsure } = horizon({ ahead });
    expect(Date.parse(until)).toBe(NOW - MARGIN);
    expect(unsure).toMatchObject({ how: 'ahead', ours: new Date(NOW).toISOString() });
    expect(unsure?.message).toContain(unsure?.theirs);
    expect(unsure?.message).toContain(unsure?.ours);
    expect(unsure?.message).toContain(`${ahead / 1_000} s ahead`);
    expect(unsure?.remedy).toContain('NTP');
  });

  it('is the system’s, and said, where that lags: which of both is right is not known', () => {
    const { until, unsure } = horizon({ ahead: -90_000 });
    expect(Date.parse(until)).toBeLessThanOrEqual(NOW - 90_000 - MARGIN + 10);
    expect(unsure).toMatchObject({ how: 'behind' });
    expect(unsure).not.toHaveProperty('proof');
  });

  it('is this worker’s own, and said, where the system tells no time', () => {
    for (const date of ['', 'yesterday', '2026-11-24T06:30:00Z', 'Tue, 99 Xxx 2026 06:30:00 GMT', '1764000000']) {
      const { until, unsure } = horizonBy({ asked: NOW, answered: NOW + 5, ...clockIn({ date }) }, limits);
      expect(Date.parse(until)).toBe(NOW - MARGIN);
      expect(unsure).toMatchObject({ how: 'silent' });
      expect(unsure).not.toHaveProperty('theirs');
    }
  });

  it('never lies ahead of either clock, whatever the difference, the way, the cache and the part of a second', () => {
    for (let step = 0; step < 3_000; step += 1) {
      const pick = (prime: number, most: number): number => (step * prime) % most;
      const at = NOW + pick(37, 1_000);
      const took = pick(101, 40_000);
      const [ahead, after, age] = [pick(7_919, 240_000) - 120_000, pick(89, took + 1), pick(3, 2) * pick(613, 90_000)];
      const given = reading({ ahead, took, after, age, at });
      const { until, unsure } = horizonBy(given, limits);
      const earlier = Math.min(at, at + after + ahead);
      expect(Date.parse(until)).toBeLessThanOrEqual(earlier - MARGIN);
      // Clocks that agree are believed, however slow the answer and however old its cache.
      if (Math.abs(ahead) <= 5_000) expect(unsure).toBeUndefined();
      // Those that do not are told, whatever a slow answer may hide.
      if (Math.abs(ahead) > 5_000 + took + 2_000) expect(unsure?.how).toBe(ahead > 0 ? 'ahead' : 'behind');
    }
  });

  it('takes an answer that a cache kept for as old as the cache says, and no older than a year', () => {
    const date = 'Tue, 24 Nov 2026 06:30:00 GMT';
    expect(clockIn({ date, age: '30' })).toEqual({ date: Date.parse('2026-11-24T06:30:00Z'), age: 30_000 });
    for (const age of ['', '-5', '1e9', 'old', '3.5']) expect(clockIn({ date, age }).age).toBe(0);
    expect(clockIn({ date, age: '999999999' }).age).toBe(31_536_000_000);
    expect(horizon({ age: 60_000 }).unsure).toBeUndefined();
    // A cache that does not say so looks like a clock that lags: the earlier bound, and said.
    expect(horizonBy({ ...reading({ age: 60_000 }), age: 0 }, limits).unsure?.how).toBe('behind');
  });
});
