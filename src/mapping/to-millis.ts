import jsonata from 'jsonata';
import { readIsoTime } from './iso-time.js';
import { MappingFailed } from './mapping.js';

type OwnToMillis = (this: { environment: { timestamp: Date } }, text: string, picture: string) => number | undefined;

const own = ((await jsonata('$toMillis').evaluate({})) as { implementation: OwnToMillis }).implementation;

/** No longer text is a date and time; and a long one can be matched with a picture in too many ways. */
const LONGEST = 64;

/**
 * JSONata's `$toMillis(text, picture)`, but that nothing depends on the machine: without a picture a time of day needs its offset, since JSONata takes the
 * machine's. @throws MappingFailed `DateInvalid`
 */
export function toMillisHelper(text: unknown, picture: unknown): number | undefined {
  if (text === undefined || text === null || text === '') return undefined;
  if (typeof text !== 'string' || text.length > LONGEST) throw invalid();
  if (typeof picture === 'string') return own.call({ environment: { timestamp: new Date(0) } }, text, picture);
  const given = readIsoTime(text);
  if (!given || picture !== undefined || (given.time !== undefined && given.offset === undefined)) throw invalid();
  return Date.parse(given.time === undefined ? given.date : `${given.date}T${given.time}${given.offset}`);
}

function invalid(): MappingFailed {
  return new MappingFailed({
    code: 'DateInvalid',
    message: '$toMillis was given no ISO date, or no date-time with its offset.',
    remedy: 'Correct the date in the record, or make a date-time of it by $dateTime, which takes the zone.',
  });
}
