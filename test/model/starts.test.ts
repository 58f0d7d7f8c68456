import { describe, expect, it } from '@jest/globals';
import { isRowInput, parseStart } from '../../src/model/starts.js';

const row = { v: 1, process: 'clinic/visits', entityType: 'A', id: 'r1', at: '2026-01-01T00:00:00.000Z' };

describe('the start of a process', () => {
  it.each<[unknown, string]>([
    ['clinic/visits', 'Start input takes {"process", "bookmarks", "acceptSystems"}'],
    [[], 'Start input takes {"process", "bookmarks", "acceptSystems"}'],
    [5, 'Start input takes {"process", "bookmarks", "acceptSystems"}'],
    [null, 'Start input: "process" must be "<integration>/<process>"'],
    [{}, 'Start input: "process" must be "<integration>/<process>"'],
    [{ process: 5 }, 'Start input: "process" must be "<integration>/<process>"'],
    [{ process: 'clinic/visits', bookmark: {} }, 'Start input knows no "bookmark": it takes process, bookmarks and acceptSystems'],
    [{ process: 'clinic/visits', acceptSystems: 'yes' }, 'Start input: "acceptSystems" must be true or false'],
  ])('is refused with %j', (input, refused) => {
    expect(parseStart(input)).toEqual({ refused });
  });

  it('takes bookmarks as they are: its first plan checks them', () => {
    const input = { process: 'clinic/visits', bookmarks: 'yesterday', acceptSystems: true };
    expect(parseStart(input)).toEqual(input);
  });
});

describe('an errored record', () => {
  it.each([
    'text',
    null,
    { ...row, v: 2 },
    { ...row, process: 'clinic' },
    { ...row, entityType: 'A B' },
    { ...row, id: '' },
    { ...row, id: 'x'.repeat(2_001) },
    { ...row, at: '2026-01-01' },
    { ...row, host: 'x'.repeat(301) },
    { ...row, clockBound: 3_600_001 },
  ])('is not opened with %j', (input) => {
    expect(isRowInput(input)).toBe(false);
  });

  it('is opened by the engine, and carried on', () => {
    expect(isRowInput(row)).toBe(true);
    expect(isRowInput({ ...row, host: 'avni.example.org', clockBound: 0, state: {} })).toBe(true);
  });
});
