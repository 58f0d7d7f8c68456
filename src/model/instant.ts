/**
 * ISO 8601 in UTC with exactly three decimals, e.g. `2026-11-24T06:30:00.000Z`; such strings sort
 * as time does.
 */
export type Instant = string;

const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * An instant in UTC with milliseconds, or undefined. Takes any ISO date-time with a zone, of a day
 * that exists.
 */
export function parseInstant(value: unknown): Instant | undefined {
  const [, day] = typeof value === 'string' ? (DATE_TIME.exec(value) ?? []) : [];
  if (typeof value !== 'string' || day === undefined) return undefined;
  const [time, midnight] = [Date.parse(value), Date.parse(`${day}T00:00:00Z`)];
  // A day that does not exist is read as one of the next month.
  if (Number.isNaN(time) || Number.isNaN(midnight) || !instantOf(midnight).startsWith(day)) return undefined;
  return instantOf(time);
}

/** The instant of milliseconds since the epoch. */
function instantOf(time: number): Instant {
  return new Date(time).toISOString();
}

/** The instant so many milliseconds before another. */
export function before(instant: Instant, milliseconds: number): Instant {
  return instantOf(Date.parse(instant) - milliseconds);
}
