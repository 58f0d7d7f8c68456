import type { Stop } from '../src/model/stop.js';
import type { Timing } from '../src/model/timing.js';

/** A day: what a system asks for beyond that would be silence for ever. */
const LONGEST_ASKED = 86_400_000;

/**
 * Milliseconds to leave a failed system alone: doubling, bounded, and never less than what the
 * system asked for.
 */
export function backoff(failures: number, stops: Stop[], timing: Timing): number {
  const grown = Math.min(timing.backoffFirst * 2 ** Math.max(0, failures - 1), timing.backoffLongest);
  return Math.max(grown, ...stops.map((stop) => Math.min(stop.retryAfter ?? 0, LONGEST_ASKED)));
}

/** Whether what stopped is tried again by back-off, rather than at its cadence alone. */
export function triedAgain({ needs, byItself }: Stop): boolean {
  return needs === 'system' || byItself === true;
}
