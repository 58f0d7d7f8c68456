import type { OpenCounts } from './state.js';

/** Forgets up to how many rows may be open, once fewer than half of them are. */
export function forgetOpenUpTo(state: { openUpTo?: number }, open: OpenCounts): void {
  if (state.openUpTo !== undefined && erroredIn(open) * 2 < state.openUpTo) delete state.openUpTo;
}

/** How many errored records are open that nobody set aside. */
function erroredIn(open: OpenCounts): number {
  return Object.values(open).reduce((sum, { errored }) => Object.values(errored).reduce((all, count) => all + count, sum), 0);
}
