import type { OpenCounts } from '../src/model/known-rows.js';

/** How many errored records are open that nobody set aside. */
export function erroredIn(open: OpenCounts = {}): number {
  return Object.values(open).reduce((sum, { errored }) => Object.values(errored).reduce((all, count) => all + count, sum), 0);
}
