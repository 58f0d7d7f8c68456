import { DateTime } from 'luxon';
import { MappingFailed } from './mapping.js';

/** `$date(value, zone)`: `yyyy-MM-dd` in that zone; a plain date stays as it is. */
export function dateHelper(value: unknown, zone: unknown): string | undefined {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
  return inZone(value, zone, 'date')?.toFormat('yyyy-MM-dd');
}

/** `$dateTime(value, zone)`: ISO 8601 with the zone’s offset. */
export function dateTimeHelper(value: unknown, zone: unknown): string | undefined {
  return inZone(value, zone, 'dateTime')?.toISO() ?? undefined;
}

function inZone(value: unknown, zone: unknown, helper: string): DateTime | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const time = typeof value === 'string' && typeof zone === 'string' ? DateTime.fromISO(value, { zone }) : undefined;
  if (time?.isValid) return time;
  throw new MappingFailed({
    code: 'DateInvalid',
    message: `$${helper} was given no ISO date-time, or no time zone such as "Asia/Kolkata".`,
    remedy: 'Correct the date in the record, or the zone in the expression.',
  });
}
