import { DateTime } from 'luxon';
import type { Instant } from '../src/connectors/connector.js';
import type { Cadence } from '../src/definition/definition.js';

/**
 * When what was last done at `lastDone` is due; one never done is due now. `now` and `began`:
 * milliseconds since the epoch.
 */
export function dueAt(cadence: Cadence, lastDone: Instant | undefined, now: number, began: number): number {
  if (lastDone === undefined) return now;
  return after(cadence, Date.parse(lastDone), began);
}

/**
 * The share of a cadence by which what is due soon goes with what is due now: types of different
 * cadences then share a cycle.
 */
const SOON = 0.1;

/**
 * Milliseconds by which something of this cadence may be done before it is due; none for a time of
 * day.
 */
export function early(cadence: Cadence): number {
  return 'every' in cadence ? cadence.every * SOON : 0;
}

/**
 * The first due time after an instant, in milliseconds since the epoch; what was done a little
 * early was done for that time. What has one cadence in a process is due together, counted from
 * when that `began`: one cycle then serves all of it. A time of day that a clock change skips is
 * taken an hour later.
 */
export function after(cadence: Cadence, time: number, began: number): number {
  if ('every' in cadence) return began + Math.floor((time - began) / cadence.every + SOON + 1) * cadence.every;
  const [hour = 0, minute = 0] = cadence.at.split(':').map(Number);
  const local = DateTime.fromMillis(time, { zone: cadence.zone });
  const today = local.set({ hour, minute, second: 0, millisecond: 0 });
  return (today.toMillis() > time ? today : today.plus({ days: 1 })).toMillis();
}
