import { describe, expect, it } from '@jest/globals';
import { addSheets, balances, emptySheet, sheetOf, type Result } from '../../src/model/sheet.js';

const RESULTS: Result[] = ['created', 'updated', 'unchanged', 'removed', 'filtered', 'errored', 'held'];

describe('a balance sheet', () => {
  it('balances where every record that was read has one result', () => {
    const sheet = sheetOf([...RESULTS, ...RESULTS].map((result) => ({ result })));
    expect([sheet.read, balances(sheet), balances(emptySheet)]).toEqual([14, true, true]);
  });

  it.each(RESULTS)('does not balance where one record is %s too often, or too seldom', (result) => {
    const sheet = sheetOf(RESULTS.map((each) => ({ result: each })));
    expect(balances({ ...sheet, [result]: sheet[result] + 1 })).toBe(false);
    expect(balances({ ...sheet, [result]: sheet[result] - 1 })).toBe(false);
  });

  it('does not balance where a record that was read has no result', () => {
    expect(balances({ ...emptySheet, read: 1 })).toBe(false);
  });

  it('takes no account of parents that were brought over, nor of adoptions among the updates', () => {
    const sheet = sheetOf([{ result: 'updated', adopted: true }]);
    expect(sheet).toEqual({ ...emptySheet, read: 1, updated: 1, adopted: 1 });
    expect(balances({ ...sheet, brought: 5 })).toBe(true);
  });

  it('of two runs is their sum', () => {
    const one = sheetOf([{ result: 'created' }, { result: 'held' }]);
    expect(addSheets(one, { ...one, brought: 2 })).toEqual({ ...emptySheet, read: 4, created: 2, held: 2, brought: 2 });
  });
});
