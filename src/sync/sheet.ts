import type { Sheet } from './results.js';

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
  brought: 0,
};

const FATES = ['created', 'updated', 'unchanged', 'removed', 'filtered', 'errored', 'held'] as const;

/** What can become of a record that was read. */
export type Fate = (typeof FATES)[number];

export function addSheets(a: Sheet, b: Sheet): Sheet {
  const sum = { ...a };
  for (const key of Object.keys(sum) as (keyof Sheet)[]) sum[key] += b[key];
  return sum;
}

/** The sheet of records, each with what became of it. */
export function sheetOf(records: readonly { fate: Fate; adopted?: true }[]): Sheet {
  const sheet = { ...emptySheet, read: records.length };
  for (const { fate, adopted } of records) {
    sheet[fate] += 1;
    if (adopted) sheet.adopted += 1;
  }
  return sheet;
}

/** Whether every record read has exactly one fate. */
export function balances(sheet: Sheet): boolean {
  return sheet.read === FATES.reduce((sum, fate) => sum + sheet[fate], 0);
}
