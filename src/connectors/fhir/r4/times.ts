/** A day, and what follows it where there is a time. */
const WITH_DAY = /^(\d{4})-(\d{2})-(\d{2})(T.*)?$/;
const ZONE = /(Z|[+-]\d{2}:\d{2})$/;

/**
 * What is wrong with a date or a time that has the form of one: R4 asks for a day that there is,
 * and for a zone with every time. The validator looks at the form alone.
 */
export function timeProblem(value: unknown, type: string): string | undefined {
  if (typeof value !== 'string' || (type !== 'date' && type !== 'dateTime' && type !== 'instant')) return undefined;
  const [, year, month, day, time] = WITH_DAY.exec(value) ?? [];
  if (year === undefined) return undefined;
  if (Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()) return 'there is no such day';
  return time !== undefined && !ZONE.test(time) ? 'a time needs a zone' : undefined;
}
