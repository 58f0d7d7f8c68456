import { describe, expect, it } from '@jest/globals';
import { allowedByResume } from '../../src/model/failing.js';
import { progressSchema, retrySheetSchema, savedBookmarkSchema, sheetSchema, stopSchema } from '../../src/model/schemas.js';
import { emptyRetrySheet, emptySheet } from '../../src/model/sheet.js';
import type { Progress } from '../../src/model/progress.js';
import type { Stop } from '../../src/model/stop.js';

const at = '2026-11-24T06:30:00.000Z';
const NAMES = ['__proto__', 'constructor', 'toString', 'Weight'];

const progress: Progress = {
  bookmark: { v: 1, at, place: { stamp: at, page: 3, size: 200 } },
  sheet: { ...emptySheet, read: 3, updated: 3, adopted: 1 },
  findings: Object.fromEntries(NAMES.map((name) => [name, { count: 2, first: 'a' }])),
  failing: { ...allowedByResume, recent: 'x.', types: [['Odd', 1, 'Mend it.']] },
};

const carried = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

describe('what the engine wrote and is handed back', () => {
  it('is taken as it was, concepts of any name too', () => {
    const taken = progressSchema().parse(carried(progress));
    expect(taken).toEqual(progress);
    expect(Object.keys(taken.findings)).toEqual(NAMES);
    expect(sheetSchema().parse({ read: 3, created: 3 })).toEqual({ ...emptySheet, read: 3, created: 3 });
    expect(retrySheetSchema().parse(carried(emptyRetrySheet))).toEqual(emptyRetrySheet);
    const stop: Stop = { code: 'Down', message: 'm', remedy: 'r', needs: 'system', system: 'emr', retryAfter: 1_000 };
    expect(stopSchema().parse(carried(stop))).toEqual(stop);
    expect(savedBookmarkSchema().parse({ v: 1, at, systems: 'a b' })).toEqual({ v: 1, at, systems: 'a b' });
  });

  it.each([
    ['a bookmark of a newer engine', { ...progress, bookmark: { v: 2, at } }],
    ['a bookmark with a place that grew', { ...progress, bookmark: { v: 1, at, place: 'x'.repeat(5_000) } }],
    ['a bookmark at no instant', { ...progress, bookmark: { v: 1, at: '2026-11-24' } }],
    ['a sheet with a count that is none', { ...progress, sheet: { ...emptySheet, read: '3' } }],
    ['a sheet with half a record', { ...progress, sheet: { ...emptySheet, read: 0.5 } }],
    ['findings that are no counts', { ...progress, findings: { Weight: 'many' } }],
    ['records that fared otherwise than well or ill', { ...progress, failing: { consecutive: 0, recent: '?' } }],
  ])('is refused where it is %s', (_what, value) => {
    expect(progressSchema().safeParse(value).success).toBe(false);
  });

  it('is refused as a start bookmark where it has what no bookmark has', () => {
    expect(savedBookmarkSchema().safeParse({ v: 1, at, patient: 'x' }).success).toBe(false);
  });
});
