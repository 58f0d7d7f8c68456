import type { Instant } from '../src/connectors/connector.js';

/** Milliseconds: what changed within is looked for first. */
const FIRST = 10_000;
/** Bisections by which the newest stamp is told within a sixteenth of its age. */
const TIMES = 4;

/**
 * An instant that the source's own clock has certainly passed: the newest stamp after `after`, as
 * nearly as few questions tell. `has`: whether any record is stamped after an instant. Its answer
 * for `after` itself is known to be yes. Milliseconds since the epoch.
 */
export async function provenBy(after: number, now: number, has: (after: number) => Promise<boolean>): Promise<number> {
  let [no, yes] = [now, after];
  for (let age = FIRST; now - age > after; age *= 2) {
    if (await has(now - age)) {
      yes = now - age;
      break;
    }
    no = now - age;
  }
  for (let times = 0; times < TIMES && no - yes > FIRST; times += 1) {
    const between = Math.floor((no + yes) / 2);
    if (await has(between)) yes = between;
    else no = between;
  }
  return yes;
}

/** Milliseconds since the epoch of an instant; the epoch itself where there is none. */
export function timeOf(instant: Instant | undefined): number {
  return instant === undefined ? 0 : Date.parse(instant);
}
