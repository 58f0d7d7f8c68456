import { describe, expect, it } from '@jest/globals';
import { after, dueAt, early } from '../../activities/cadence.js';

const minute = { every: 60_000 };
const iso = (time: number): string => new Date(time).toISOString();

describe('a cadence', () => {
  it('is due at whole multiples from when its process began', () => {
    expect([0, 1, 30_000, 53_999].map((time) => after(minute, 5_000 + time, 5_000))).toEqual([65_000, 65_000, 65_000, 65_000]);
  });

  it('takes what was done in its last tenth for what was due then', () => {
    expect([54_001, 59_999, 60_000].map((time) => after(minute, time, 0))).toEqual([120_000, 120_000, 120_000]);
    expect([early(minute), early({ at: '01:30', zone: 'Asia/Kolkata' })]).toEqual([6_000, 0]);
  });

  it('is due now where it was never done, and by its last time where it was', () => {
    expect([dueAt(minute, undefined, 7, 0), dueAt(minute, iso(61_000), 7, 0)]).toEqual([7, 120_000]);
  });

  it('of a day is due at that time of its zone, never early', () => {
    const daily = { at: '01:30', zone: 'Asia/Kolkata' };
    const due = Date.UTC(2026, 0, 1, 20);
    expect([due - 1, due, due - 86_400_000].map((time) => after(daily, time, 0))).toEqual([due, due + 86_400_000, due]);
  });
});
