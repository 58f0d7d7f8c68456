import { describe, expect, it } from '@jest/globals';
import { tooMany, withMore, type FailedWith } from '../../src/errors/failure-streak.js';
import { allowedByResume, notFailing } from '../../src/model/failing.js';

const a: FailedWith = { errorType: 'A', remedy: 'Mend A.' };
const b: FailedWith = { errorType: 'B', remedy: 'Mend B.' };
const many = (count: number, each: FailedWith): FailedWith[] => Array<FailedWith>(count).fill(each);

describe('how the latest records fared', () => {
  it('names the error types of those that failed, in runs, with what to do once', () => {
    expect(withMore(notFailing, [a, undefined, a, b, a])).toEqual({
      consecutive: 3,
      recent: 'x.xxx',
      types: [
        ['A', 2, ''],
        ['B', 1, 'Mend B.'],
        ['A', 1, 'Mend A.'],
      ],
    });
  });

  it('forgets each error type with the record it belongs to', () => {
    const failing = withMore(withMore(notFailing, [...many(60, a), ...many(90, b)]), many(100, undefined));
    expect(failing.types).toEqual([
      ['A', 10, 'Mend A.'],
      ['B', 90, 'Mend B.'],
    ]);
    expect(withMore(failing, many(10, undefined)).types).toEqual([['B', 90, 'Mend B.']]);
    expect(withMore(failing, many(200, undefined))).toEqual({ consecutive: 0, recent: '.'.repeat(200) });
  });

  it('is told up to the record by which it became too many', () => {
    const { failing, at } = tooMany(notFailing, many(9, a), { consecutive: 5, share: 1 });
    expect([at, failing.types]).toEqual([4, [['A', 5, 'Mend A.']]]);
  });

  it('counts no failure that an operator allowed, until all of these are used up', () => {
    const { failing, at } = tooMany(allowedByResume, many(1_003, a), { consecutive: 5, share: 1 });
    expect([at, failing]).toEqual([undefined, { consecutive: 3, recent: 'xxx', types: [['A', 3, 'Mend A.']] }]);
    expect(tooMany(allowedByResume, many(1_005, a), { consecutive: 5, share: 1 }).at).toBe(1_004);
  });
});
