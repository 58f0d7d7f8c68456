import { describe, expect, it } from '@jest/globals';
import { backoff } from '../../workflows/backoff.js';

const timing = { heartbeatTimeout: 1, retryInterval: 1, activityTimeout: 1, backoffFirst: 100, backoffLongest: 1_000, turn: 1 };
const stop = (retryAfter: number) => ({ code: 'RateLimited', message: 'm', remedy: 'r', needs: 'system' as const, retryAfter });

describe('how long a sick system is left alone', () => {
  it('doubles up to the longest, and never less than it asked for', () => {
    expect([1, 2, 3, 9].map((failures) => backoff(failures, [], timing))).toEqual([100, 200, 400, 1_000]);
    expect(backoff(1, [stop(5_000)], timing)).toBe(5_000);
  });

  it('is a day at most, whatever it asks for', () => {
    for (const asked of [2.5e14, 1e303, Number.POSITIVE_INFINITY]) expect(backoff(1, [stop(asked)], timing)).toBe(86_400_000);
  });
});
