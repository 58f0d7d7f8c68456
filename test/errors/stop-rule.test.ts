import { describe, expect, it } from '@jest/globals';
import { fared, notFailing, tooMany, type FailedWith, type Failing } from '../../src/errors/stop-rule.js';

const a = { errorType: 'A', remedy: 'Mend A.' };
const b = { errorType: 'B', remedy: 'Mend B.' };
const many = (count: number, each: FailedWith): FailedWith[] => Array.from({ length: count }, () => each);

describe('how the latest records fared', () => {
  it('is kept with the error types of those that failed', () => {
    expect(fared(notFailing, [a, undefined, a, b, a])).toEqual({
      consecutive: 3,
      recent: 'x.xxx',
      types: [
        ['A', 2],
        ['B', 1],
        ['A', 1],
      ],
      remedies: { A: 'Mend A.', B: 'Mend B.' },
    });
  });

  it('forgets each error type with the record it belongs to', () => {
    const failing = fared(fared(notFailing, [...many(60, a), ...many(90, b)]), many(100, undefined));
    expect(failing).toMatchObject({
      types: [
        ['A', 10],
        ['B', 90],
      ],
    });
    expect(fared(failing, many(10, undefined))).toMatchObject({ types: [['B', 90]], remedies: { B: 'Mend B.' } });
    expect(fared(failing, many(200, undefined))).toEqual({ consecutive: 0, recent: '.'.repeat(200) });
  });

  it('goes on from what an earlier release kept, whose error types are not known', () => {
    const earlier: Failing = { consecutive: 1, recent: '.'.repeat(100) + 'x'.repeat(50) };
    const failing = fared(earlier, [a, b]);
    expect(failing).toMatchObject({
      types: [
        ['A', 1],
        ['B', 1],
      ],
    });
    // The oldest fifty are those that are not known.
    expect(fared(failing, many(197, undefined))).toMatchObject({
      types: [
        ['A', 1],
        ['B', 1],
      ],
    });
    expect(fared(failing, many(199, undefined))).toMatchObject({ types: [['B', 1]] });
  });

  it('is told up to the record by which it became too many', () => {
    const { failing, at } = tooMany(notFailing, many(9, a), { consecutive: 5, share: 1 });
    expect([at, failing.types]).toEqual([4, [['A', 5]]]);
  });
});
