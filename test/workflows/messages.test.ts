import { describe, expect, it } from '@jest/globals';
import { parseInstant } from '../../src/model/instant.js';
import { checkRewind } from '../../workflows/messages.js';
import type { ProcessState } from '../../workflows/state.js';

describe('an instant', () => {
  it.each([
    ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T01:30Z', '2026-01-01T01:30:00.000Z'],
    ['2026-03-01T02:00:00+05:30', '2026-02-28T20:30:00.000Z'],
    ['2028-02-29T23:59:59.123456Z', '2028-02-29T23:59:59.123Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('is %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
  });

  it.each([
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-02-31T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00Z',
    'tomorrow',
    '',
    5,
    null,
    undefined,
  ])('is not %s', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('a rewind', () => {
  const state = { types: { A: {} } } as unknown as ProcessState;
  const check = (input: unknown): void => void checkRewind(input, state, undefined, '2026-11-27T00:00:00.000Z');

  it('is refused in words where it says more than it can', () => {
    expect(() => check({ entityType: 'A', to: '2026-01-01T00:00:00Z', form: 'B' })).toThrow(
      'rewind knows no "form": it takes entityType and to',
    );
    expect(() => check({ entityType: 'A', to: '2026-01-01' })).toThrow('with a zone');
    expect(() => check({ entityType: 'A', to: '2026-02-31T00:00:00Z' })).toThrow('of a day that exists');
    expect(() => check({ entityType: 'A', to: '2026-01-01T00:00:00Z' })).not.toThrow();
  });
});
