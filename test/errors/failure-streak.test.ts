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

  it('becomes too many by the share of the latest two hundred, and not before there are as many', () => {
    const half = { consecutive: Infinity, share: 0.5 };
    const mixed = Array.from({ length: 99 }, () => [a, undefined]).flat();
    expect(tooMany(notFailing, mixed, half)).not.toHaveProperty('at');
    // A hundred of two hundred are half, and not more.
    expect(tooMany(notFailing, [...mixed, undefined, a], half)).not.toHaveProperty('at');
    expect(tooMany(notFailing, [...mixed, a, a], half).at).toBe(199);
    // The oldest give way: failures by failures, and what went well by what failed.
    const { failing } = tooMany(notFailing, [...mixed, undefined, a], half);
    expect(tooMany(failing, [a], half)).not.toHaveProperty('at');
    expect(tooMany(failing, [a, a], half).at).toBe(1);
    expect(tooMany(failing, [undefined, a, a], half)).not.toHaveProperty('at');
    expect(tooMany(failing, [undefined, undefined, a, a, a, a], half).at).toBe(5);
  });

  it('is no more by a record that went well, whatever went before', () => {
    const before = withMore(notFailing, many(5, a));
    expect(tooMany(before, [undefined, a], { consecutive: 2, share: 1 })).not.toHaveProperty('at');
    expect(tooMany(withMore(notFailing, many(200, a)), [undefined], { consecutive: Infinity, share: 0.1 })).not.toHaveProperty('at');
  });

  it('keeps what is left of an allowance, and is nothing where nothing was tried', () => {
    const left = withMore({ ...notFailing, allowed: 3 }, [a]);
    expect(left).toEqual({ consecutive: 0, recent: '', allowed: 2 });
    expect(withMore(notFailing, [])).toBe(notFailing);
    expect(withMore(left, [undefined])).toEqual({ consecutive: 0, recent: '.', allowed: 2 });
  });
});
