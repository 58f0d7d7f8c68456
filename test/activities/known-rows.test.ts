import { describe, expect, it } from '@jest/globals';
import { isDue, knownRows } from '../../activities/known-rows.js';
import type { OpenRecord } from '../../src/temporal/rows/temporal-rows.js';

const [PAST, NOW, LATER, LATEST] = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04'].map((day) => `${day}T00:00:00.000Z`) as [
  string,
  string,
  string,
  string,
];

const row = (more: Partial<OpenRecord> = {}): OpenRecord => ({
  ...{ entityType: 'A', id: 'r', version: 'v', stamp: PAST, attempts: 1, firstFailedAt: PAST },
  ...{ state: 'failing', digest: 'd1', errorType: 'X', mapping: false, waiting: 0 },
  ...more,
});

describe('what a process keeps of its open rows', () => {
  it('is how many are open, by entity type and error type, those aside apart, and who waits on them', () => {
    const rows = [row(), row({ errorType: 'Y', waiting: 2 }), row({ state: 'ignored', waiting: 1 }), row({ entityType: 'B' })];
    expect(knownRows(rows, 'd1', NOW).open).toEqual({
      A: { errored: { X: 1, Y: 1 }, ignored: 1, waiting: 3 },
      B: { errored: { X: 1 }, ignored: 0, waiting: 0 },
    });
  });

  it('is how many are due whatever the cadence: by a changed definition, or since children wait on what is in step', () => {
    const mapping = row({ mapping: true, digest: 'd0' });
    const releasing = row({ state: 'releasing', retryAt: PAST });
    for (const [rows, count] of [
      [[row({ retryAt: PAST })], 0],
      [[mapping, row({ mapping: true })], 1],
      [[mapping, releasing], 2],
      [[{ ...releasing, retryAt: LATER }], 0],
      [[{ ...mapping, state: 'ignored' }], 0],
    ] as [OpenRecord[], number][])
      expect(knownRows(rows, 'd1', NOW).dueAtOnce).toBe(count);
  });

  it('is when the first of the others is tried again', () => {
    const rows = [row({ retryAt: LATEST }), row({ retryAt: LATER }), row({ retryAt: PAST, state: 'ignored' })];
    expect(knownRows(rows, 'd1', NOW).nextRetryAt).toBe(LATER);
    expect(knownRows([row(), row({ mapping: true, digest: 'd0', retryAt: PAST })], 'd1', NOW)).not.toHaveProperty('nextRetryAt');
  });
});

describe('a row is due', () => {
  it('once its time has come, or its definition has changed; never while it is set aside', () => {
    expect(isDue(row({ retryAt: NOW }), 'd1', NOW)).toBe(true);
    expect(isDue(row({ retryAt: LATER }), 'd1', NOW)).toBe(false);
    expect(isDue(row(), 'd1', NOW)).toBe(false);
    expect(isDue(row({ mapping: true, digest: 'd0' }), 'd1', NOW)).toBe(true);
    expect(isDue(row({ mapping: true, digest: 'd0', state: 'ignored' }), 'd1', NOW)).toBe(false);
  });
});
