import { describe, expect, it } from '@jest/globals';
import { dateHelper, dateTimeHelper } from '../../src/mapping/date-helpers.js';
import type { MappingFailed } from '../../src/mapping/mapping.js';
import { isTimeZone } from '../../src/mapping/time-zone.js';
import { toMillisHelper } from '../../src/mapping/to-millis.js';

const INDIA = 'Asia/Kolkata';

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return (error as MappingFailed).error.code;
  }
}

describe('$date and $dateTime', () => {
  it.each([
    ['2020', '2020', '2020'],
    ['2020-02', '2020-02', '2020-02'],
    ['2020-02-29', '2020-02-29', '2020-02-29'],
    ['2026-11-21T20:30:00.000Z', '2026-11-22', '2026-11-22T02:00:00.000+05:30'],
    ['2026-11-21T20:30:00Z', '2026-11-22', '2026-11-22T02:00:00+05:30'],
    ['2026-11-21T20:30Z', '2026-11-22', '2026-11-22T02:00:00+05:30'],
    ['2026-11-21T20:30:00.123456789Z', '2026-11-22', '2026-11-22T02:00:00.123456789+05:30'],
    ['2026-11-21T20:30:00.10+05:30', '2026-11-21', '2026-11-21T20:30:00.10+05:30'],
    ['2026-11-21T20:30:00.000+0000', '2026-11-22', '2026-11-22T02:00:00.000+05:30'],
    ['2026-11-21T20:30:00', '2026-11-21', '2026-11-21T20:30:00+05:30'],
  ])('take %s, and keep its precision', (text, date, dateTime) => {
    expect([dateHelper(text, INDIA), dateTimeHelper(text, INDIA)]).toEqual([date, dateTime]);
  });

  it.each([
    ...['10:30', 'T10:30', '10', '2021-120', '2021-W05', '2021-W05-1', '20261121', '2021-02-30', '2021-13', '2021-00-01', '0000', '02020'],
    ...['2026-11-21T', '2026-11-21T10', '2026-11-21T24:00Z', '2026-11-21T10:60Z', '2026-11-21T10:30:60Z', '2026-11-21T10:30+15:00'],
    ...['2026-11-21 10:30', '2026-11-21T10:30:00,5Z', '2026-11-21t10:30z', ' 2026-11-21', '2026-11-21\n', '+002026-11-21', 'today'],
    ...[2026, true, ['2026-11-21'], { a: 1 }, '2026-11-21T10:30:00.1234567890Z'],
  ])('refuse %s', (value) => {
    expect([codeOf(() => dateHelper(value, INDIA)), codeOf(() => dateTimeHelper(value, INDIA))]).toEqual(['DateInvalid', 'DateInvalid']);
  });

  it('refuse a time of day that a zone has twice or not at all, unless its offset is given', () => {
    for (const text of ['2026-03-29T02:30:00', '2026-10-25T02:30:00'])
      expect(codeOf(() => dateTimeHelper(text, 'Europe/Berlin'))).toBe('DateInvalid');
    expect(dateTimeHelper('2026-10-25T02:30:00+01:00', 'Europe/Berlin')).toBe('2026-10-25T02:30:00+01:00');
  });

  it.each([
    'Asia/Calcuta',
    'local',
    'system',
    'default',
    '+05:30',
    'UTC+5',
    'IST',
    'CST',
    '',
    '__proto__',
    'x'.repeat(70),
    5,
    undefined,
    null,
  ])('refuse the zone %s', (zone) => {
    expect(codeOf(() => dateTimeHelper('2026-11-21T20:30:00Z', zone))).toBe('DateInvalid');
    expect(codeOf(() => dateHelper('2026-11-21', zone))).toBe('DateInvalid');
  });

  it.each(['Asia/Kolkata', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires', 'UTC', 'Etc/GMT+5', 'EST5EDT'])(
    'know the zone %s',
    (zone) => {
      expect(isTimeZone(zone)).toBe(true);
    },
  );

  it('refuse what cannot be written: years of other than four digits, and offsets with seconds', () => {
    for (const [text, zone] of [
      ['9999-12-31T23:59:59Z', INDIA],
      ['0001-01-01T00:00:00Z', 'America/New_York'],
    ] as const)
      expect([codeOf(() => dateHelper(text, zone)), codeOf(() => dateTimeHelper(text, zone))]).toEqual(['DateInvalid', 'DateInvalid']);
    for (const text of ['1900-01-01T00:00:00.000Z', '1900-01-01T00:00:00'])
      expect(codeOf(() => dateTimeHelper(text, INDIA))).toBe('DateInvalid');
    // The day is told all the same.
    expect(dateHelper('1900-01-01T20:00:00.000Z', INDIA)).toBe('1900-01-02');
  });

  it('give nothing for nothing', () => {
    for (const value of [undefined, null, ''])
      expect([dateHelper(value, INDIA), dateTimeHelper(value, INDIA)]).toEqual([undefined, undefined]);
  });
});

describe('$toMillis', () => {
  it.each([
    ['1970-01-02', undefined, 86_400_000],
    ['1971', undefined, 31_536_000_000],
    ['1970-01-01T05:30:01.5+05:30', undefined, 1_500],
    ['02/01/1970', '[D01]/[M01]/[Y0001]', 86_400_000],
  ])('takes %s', (text, picture, millis) => {
    expect(toMillisHelper(text, picture)).toBe(millis);
  });

  it.each([
    ['1/2/2026', '[D01]/[M01]/[Y0001]', '2026-02-01T00:00:00.000Z'],
    ['29/02/2024', '[D]/[M]/[Y]', '2024-02-29T00:00:00.000Z'],
    ['23rd of November 2026', '[D1o] of [MNn] [Y]', '2026-11-23T00:00:00.000Z'],
    ['Mon, 30 Nov 2026', '[FNn,3-3], [D1] [MNn,3-3] [Y0001]', '2026-11-30T00:00:00.000Z'],
    ['10:30 PM 30-11-2026', '[h]:[m01] [P] [D01]-[M01]-[Y0001]', '2026-11-30T22:30:00.000Z'],
    ['2026-11-30T02:30:00+05:30', '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01][Z]', '2026-11-29T21:00:00.000Z'],
    ['2026-11-30 0230 -0500', '[Y0001]-[M01]-[D01] [H01][m01] [Z0001]', '2026-11-30T07:30:00.000Z'],
    ['2026-11-30T10:30:00.5 h', '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f1] h', '2026-11-30T10:30:00.500Z'],
    ['2026-11-30T10:30:00.05', '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f01]', '2026-11-30T10:30:00.050Z'],
    ['20261130', '[Y0001][M01][D01]', '2026-11-30T00:00:00.000Z'],
  ])('reads %s by %s', (text, picture, iso) => {
    expect(new Date(toMillisHelper(text, picture) ?? NaN).toISOString()).toBe(iso);
  });

  it.each([
    ['31/02/2026', '[D01]/[M01]/[Y0001]'],
    ['29/02/2026', '[D01]/[M01]/[Y0001]'],
    ['45/13/2026', '[D01]/[M01]/[Y0001]'],
    ['30/11/26', '[D01]/[M01]/[Y0001]'],
    ['30-11-2026', '[D01]/[M01]/[Y0001]'],
    ['Tue, 30 Nov 2026', '[FNn,3-3], [D1] [MNn,3-3] [Y0001]'],
    ['may 2026', '[Mn] [Y]'],
    ['2026-11-30T25:61', '[Y0001]-[M01]-[D01]T[H01]:[m01]'],
    ['13:30 PM 30-11-2026', '[h]:[m01] [P] [D01]-[M01]-[Y0001]'],
    ['2026-11-30T10:30:61.5', '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f1]'],
    ['2026-11-30 0230 -0330', '[Y0001]-[M01]-[D01] [H01][m01] [Z0001]'],
  ])('guesses nothing of %s by %s', (text, picture) => {
    expect(codeOf(() => toMillisHelper(text, picture))).toBe('DateInvalid');
  });

  it.each(['1970-01-02T10:30:00', '10:30', '2021-120', 'now'])('refuses %s, which the machine would have to complete', (text) => {
    expect(codeOf(() => toMillisHelper(text, undefined))).toBe('DateInvalid');
  });

  it('refuses long texts, which a picture could be matched with in too many ways', () => {
    expect(codeOf(() => toMillisHelper('1'.repeat(65), '[Y]'))).toBe('DateInvalid');
  });
});
