import { getOwn, setOwn } from './keyed.js';

const RESULTS = ['created', 'updated', 'unchanged', 'removed', 'filtered', 'errored', 'held'] as const;

/** What can become of a record that was read. */
export type Result = (typeof RESULTS)[number];

/**
 * The balance sheet: read = created + updated + unchanged + removed + filtered + errored + held.
 * `adopted` counts those of `updated` that took over what Sangam did not write, `edited` those of
 * `updated` and `unchanged` that somebody else had changed there; `brought`, apart, the parents
 * that were brought over for children.
 */
export type Sheet = Record<Result | 'read' | 'adopted' | 'edited' | 'brought', number>;

export const emptySheet: Readonly<Sheet> = {
  read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  removed: 0,
  filtered: 0,
  errored: 0,
  held: 0,
  adopted: 0,
  edited: 0,
  brought: 0,
};

/**
 * What became of rows tried again: tried = healed + failing + gone; `released` counts the children
 * that had waited.
 */
export type RetrySheet = Record<'tried' | 'healed' | 'failing' | 'gone' | 'released', number>;

export const emptyRetrySheet: Readonly<RetrySheet> = { tried: 0, healed: 0, failing: 0, gone: 0, released: 0 };

/** The sum of two sheets of the same kind. */
export function addSheets<T extends Record<keyof T, number>>(a: T, b: T): T {
  const sum: Record<keyof T, number> = { ...a };
  for (const key of Object.keys(a) as (keyof T)[]) setOwn(sum, key, (getOwn(a, key) ?? 0) + (getOwn(b, key) ?? 0));
  return sum as T;
}

/** The sheet of records, each with what became of it. */
export function sheetOf(records: readonly { result: Result; adopted?: true; edited?: true }[]): Sheet {
  const sheet = { ...emptySheet, read: records.length };
  for (const { result, adopted, edited } of records) {
    sheet[result] += 1;
    if (adopted) sheet.adopted += 1;
    if (edited) sheet.edited += 1;
  }
  return sheet;
}

/** Whether every record read has exactly one result. */
export function balances(sheet: Sheet): boolean {
  return sheet.read === RESULTS.reduce((sum, result) => sum + sheet[result], 0);
}
