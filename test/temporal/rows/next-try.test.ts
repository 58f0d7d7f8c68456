import { describe, expect, it } from '@jest/globals';
import { nextLook, nextTry } from '../../../src/temporal/rows/next-try.js';
import { classified } from '../../errored/support.js';

const minute = 60_000;
const day = 86_400_000;
const settings = { attempts: 20, backOff: { first: minute, longest: day } };
const wait = (attempt: number, random = 0): number | undefined => nextTry(attempt, classified, settings, 0, random);

describe('when a record that failed is tried again', () => {
  it('doubles from the first wait to the longest, and no further', () => {
    expect([1, 2, 3, 4].map((attempt) => wait(attempt))).toEqual([minute, 2 * minute, 4 * minute, 8 * minute]);
    expect(wait(11)).toBe(1024 * minute);
    for (let attempt = 12; attempt < 20; attempt += 1) expect(wait(attempt)).toBe(day);
    expect(nextTry(10_000, classified, { ...settings, attempts: 20_000 }, 0, 0)).toBe(day);
  });

  it('is spread by up to a fifth, never later than said', () => {
    for (const random of [0, 0.1, 0.5, 0.999]) {
      const spread = wait(3, random) ?? 0;
      expect(spread).toBeLessThanOrEqual(4 * minute);
      expect(spread).toBeGreaterThanOrEqual(4 * minute * 0.8);
    }
    expect(wait(3, 0.2)).not.toBe(wait(3, 0.7));
  });

  it('is counted from now', () => {
    expect(nextTry(1, classified, settings, 1_000, 0)).toBe(1_000 + minute);
  });

  it('is never after so many tries, nor where the error type says otherwise', () => {
    expect(wait(19)).toBeDefined();
    expect(wait(20)).toBeUndefined();
    expect(wait(21)).toBeUndefined();
    for (const then of ['wait-for-person', 'ignore', 'stop'] as const)
      expect(nextTry(1, { ...classified, then }, settings, 0, 0)).toBeUndefined();
  });
});

describe('when a record that waits on its parent is tried again', () => {
  it('is as often as that is, ever less often', () => {
    const look = (after: number): number | undefined => nextLook(0, classified, settings, after, 0);
    expect([0, minute, 10 * minute].map(look)).toEqual([minute, 2 * minute, 20 * minute]);
    expect(look(30 * day)).toBe(31 * day);
    expect(nextLook(0, { ...classified, then: 'wait-for-person' }, settings, 0, 0)).toBeUndefined();
  });
});
