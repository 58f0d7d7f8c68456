import type { Stop } from '../src/sync/results.js';

/** How many types a system keeps waiting until it counts as down: a single one may have a list that is slow of itself. */
const SLOW = 2;

/** By which of these stops a system is down as a whole, so that it is asked nothing more for now: it does not answer, or asked to be left alone. */
export function downBy(system: string, stops: Stop[]): Stop | undefined {
  const its = stops.filter((stop) => stop.system === system);
  const slow = its.filter(({ code }) => code === 'TimedOut');
  return (
    its.find(({ code, retryAfter }) => code === 'Unreachable' || code === 'Unavailable' || retryAfter !== undefined) ??
    (slow.length >= SLOW ? slow[0] : undefined)
  );
}
