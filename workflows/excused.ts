import type { Failing } from '../src/errors/stop-rule.js';
import type { OpenCounts } from './state.js';

/** What an operator accepts by `resume` after too many failures: so many more, each as an errored record, until the type gets to its horizon, or the pass to its end. */
export const excused: Failing = { consecutive: -1_000, recent: '' };

/** Up to how many rows may be open by a `resume`, where so many were too many. */
export function openAfter(before: number | undefined, open: number): number {
  return Math.max(before ?? 0, Math.ceil(open * 1.5));
}

/** Forgets up to how many rows may be open, once fewer than half of them are. */
export function forgetOpenUpTo(state: { openUpTo?: number }, open: OpenCounts): void {
  if (state.openUpTo !== undefined && erroredIn(open) * 2 < state.openUpTo) delete state.openUpTo;
}

/** How many errored records are open that nobody set aside. */
function erroredIn(open: OpenCounts): number {
  return Object.values(open).reduce((sum, { errored }) => Object.values(errored).reduce((all, count) => all + count, sum), 0);
}
