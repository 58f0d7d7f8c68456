import { CLOCK_BOUND } from '../model/clock-doubts.js';
import type { Horizon } from './connector.js';

/** What an answer said of a system's clock, in milliseconds since the epoch and of milliseconds. */
export interface ClockReading {
  /** The worker's own clock when it asked, and when it had the answer. */
  asked: number;
  answered: number;
  /** The start of the second that the Date header names; absent where there is none. */
  date?: number;
  /** How long a cache kept the answer, by its Age header; 0 where none did. */
  age: number;
}

interface Bounds {
  margin: number;
  clockBound?: number;
}

/** A Date header names whole seconds, and so does Age. */
const SECOND = 1_000;

const REMEDY =
  'Set the clock of the system, of the proxy before it and of this worker by NTP. Nothing is lost meanwhile: it reads up to the ' +
  'earlier of both; what is newer comes later.';

/**
 * The horizon by a system's clock and the worker's own: always behind the earlier of both. It is
 * unsure where they differ by more than `clockBound` even if the answer was under way for all the
 * time it took, or where the system does not tell.
 */
export function horizonBy(reading: ClockReading, { margin, clockBound = CLOCK_BOUND }: Bounds): Horizon {
  const { asked, answered, date, age } = reading;
  const until = (clock: number): string => iso(clock - margin);
  const ours = iso(asked);
  if (date === undefined)
    return {
      until: until(asked),
      unsure: {
        how: 'silent',
        ours,
        message: `Its answers have no Date header that can be read, so its clock is not known (this worker’s: ${ours}).`,
        remedy:
          'Let the proxy before the system pass the Date header on. Nothing is lost meanwhile: bookmarks move no further than the ' +
          'stamps of its records prove, and the last ones are read again in each cycle.',
      },
    };
  const system = date + age;
  const [least, most] = [system - answered, system + SECOND + (age > 0 ? SECOND : 0) - asked];
  const earlier = until(Math.min(system, asked));
  if (least <= clockBound && -most <= clockBound) return { until: earlier };
  const how = least > 0 ? ('ahead' as const) : ('behind' as const);
  const seconds = Math.round(Math.abs(how === 'ahead' ? least : most) / SECOND);
  const theirs = iso(system);
  const message = `Its clock (${theirs}, by its Date header) and this worker’s (${ours}) differ: it is ${seconds} s ${how}, more than the ${clockBound} ms that are believed.`;
  const proof = { after: iso(system - clockBound), until: theirs, horizon: until(system) };
  return { until: earlier, unsure: { how, ours, theirs, message, remedy: REMEDY, ...(how === 'ahead' ? { proof } : {}) } };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
