import type { Failing } from '../src/errors/stop-rule.js';

/** What an operator accepts by `resume` after too many failures: so many more, each as an errored record, until the type gets to its horizon, or the pass to its end. */
export const excused: Failing = { consecutive: -1_000, recent: '' };

/** Up to how many rows may be open by a `resume`, where so many were too many. */
export function openAfter(before: number | undefined, open: number): number {
  return Math.max(before ?? 0, Math.ceil(open * 1.5));
}
