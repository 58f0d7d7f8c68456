import { DateTime } from 'luxon';
import type { Instant } from '../src/connectors/connector.js';
import type { Cadence } from '../src/definition/definition.js';

/** When an entity type that was last done at `lastDone` is due; one never done is due now. `now`: milliseconds since the epoch. */
export function dueAt(cadence: Cadence, lastDone: Instant | undefined, now: number): number {
  if (lastDone === undefined) return now;
  return after(cadence, Date.parse(lastDone));
}

/** The first due time after an instant, in milliseconds since the epoch. A time of day that a clock change skips is taken an hour later. */
export function after(cadence: Cadence, time: number): number {
  if ('every' in cadence) return time + cadence.every;
  const [hour = 0, minute = 0] = cadence.at.split(':').map(Number);
  const local = DateTime.fromMillis(time, { zone: cadence.zone });
  const today = local.set({ hour, minute, second: 0, millisecond: 0 });
  return (today.toMillis() > time ? today : today.plus({ days: 1 })).toMillis();
}
