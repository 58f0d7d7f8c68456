import type { Rows } from '../rows.js';

/** Rows that are never open and keep nothing: every record is looked at, whatever came of it. */
export const noRows: Rows = {
  find: () => undefined,
  countFailing: () => 0,
  failingByType: () => new Map(),
  record: () => Promise.resolve(),
  inStep: () => Promise.resolve(),
};
