import { DateTime } from 'luxon';

/** An ISO date, or date-time, as it is written. */
export interface IsoTime {
  precision: 'year' | 'month' | 'day' | 'time';
  /** `yyyy`, `yyyy-MM` or `yyyy-MM-dd`. */
  date: string;
  /** `HH:mm:ss`, with as many decimals as are given. */
  time?: string;
  /** `Z`, or e.g. `+05:30`; absent where none is given. */
  offset?: string;
}

const FORM = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}:\d{2})(?::(\d{2}(?:\.\d{1,9})?))?(Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/;

/**
 * Reads an ISO 8601 date of a year, a month or a day, or a date-time; undefined for anything else,
 * such as a time alone, a week, or a day that no calendar has.
 */
export function readIsoTime(text: string): IsoTime | undefined {
  const [, year, month, day, clock, seconds = '00', zone] = FORM.exec(text) ?? [];
  if (year === undefined || year === '0000') return undefined;
  const date = [year, month, day].filter((each) => each !== undefined).join('-');
  const precision = day !== undefined ? (clock !== undefined ? 'time' : 'day') : month !== undefined ? 'month' : 'year';
  if (!DateTime.fromISO(date, { zone: 'utc' }).isValid) return undefined;
  if (clock === undefined) return { precision, date };
  const offset = zone === undefined ? undefined : offsetOf(zone);
  if (!/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(clock) || seconds >= '60' || offset === 'wrong') return undefined;
  return { precision, date, time: `${clock}:${seconds}`, ...(offset !== undefined ? { offset } : {}) };
}

/** As `±HH:mm`, of at most 14 hours, as everywhere on Earth. */
function offsetOf(zone: string): string {
  if (zone === 'Z') return zone;
  const [sign, hours, minutes] = [zone.slice(0, 1), zone.slice(1, 3), zone.slice(3).replace(':', '') || '00'];
  const whole = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && whole <= 14 * 60 ? `${sign}${hours}:${minutes}` : 'wrong';
}
