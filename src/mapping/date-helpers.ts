import { DateTime } from 'luxon';
import { readIsoTime, type IsoTime } from './iso-time.js';
import { MappingFailed } from './mapping.js';
import { isTimeZone } from './time-zone.js';

/**
 * `$date(value, zone)`: the day in that zone, `yyyy-MM-dd`; a year, a month or a day stays as it
 * is. @throws MappingFailed `DateInvalid`
 */
export function dateHelper(value: unknown, zone: unknown): string | undefined {
  const given = read(value, zone, 'date');
  return given && (inZone(given, zone)?.toFormat('yyyy-MM-dd') ?? given.date);
}

/**
 * `$dateTime(value, zone)`: ISO 8601 with the zone’s offset, and as many decimals of a second as
 * are given; a year, a month or a day stays as it is.
 * @throws MappingFailed `DateInvalid`
 */
export function dateTimeHelper(value: unknown, zone: unknown): string | undefined {
  const given = read(value, zone, 'dateTime');
  const time = given && inZone(given, zone);
  if (!given || !time) return given?.date;
  // As local time was before zones: no offset of ISO 8601 has its seconds.
  if (!Number.isInteger(time.offset)) throw invalid('At that time the offset of the zone was no whole minute');
  const [, decimals = ''] = /(\.\d+)$/.exec(given.time ?? '') ?? [];
  return `${time.toFormat("yyyy-MM-dd'T'HH:mm:ss")}${decimals}${time.isOffsetFixed && time.offset === 0 ? 'Z' : time.toFormat('ZZ')}`;
}

function read(value: unknown, zone: unknown, helper: string): IsoTime | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const given = typeof value === 'string' ? readIsoTime(value) : undefined;
  if (!given || typeof zone !== 'string' || !isTimeZone(zone))
    throw invalid(`$${helper} was given no ISO date or date-time, or no IANA time zone`);
  return given;
}

/**
 * The moment, seen in the zone; undefined for what has no time of day. Without an offset it is the
 * zone's own time, where that names one moment.
 */
function inZone({ date, time, offset }: IsoTime, zone: unknown): DateTime | undefined {
  if (time === undefined) return undefined;
  const seen = DateTime.fromISO(`${date}T${time}${offset ?? ''}`, { zone: String(zone) });
  if (!seen.isValid) throw invalid('The date-time is none');
  if (seen.year < 1 || seen.year > 9_999) throw invalid('In the zone the date-time lies outside of the years 0001 to 9999');
  // Where clocks are put forward or back, a time of day is none, or two moments.
  const isOne = offset !== undefined || (seen.toFormat('HH:mm:ss') === time.slice(0, 8) && seen.getPossibleOffsets().length === 1);
  if (!isOne) throw invalid('Where clocks are put forward or back, the date-time needs an offset');
  return seen;
}

function invalid(what: string): MappingFailed {
  return new MappingFailed({
    code: 'DateInvalid',
    message: `${what}.`,
    remedy: 'Correct the date in the record, or the zone in the expression, e.g. "Asia/Kolkata".',
  });
}
