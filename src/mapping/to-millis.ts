import { readIsoTime } from './iso-time.js';
import { MappingFailed } from './mapping.js';
import { ownOf } from './own-of.js';

type Environment = { environment: { timestamp: Date } };
type OwnToMillis = (this: Environment, text: string, picture: string) => number | undefined;
type OwnFromMillis = (this: Environment, millis: number, picture: string, zone?: string) => string;

const own = await ownOf<OwnToMillis>('toMillis');
const back = await ownOf<OwnFromMillis>('fromMillis');
const atZero: Environment = { environment: { timestamp: new Date(0) } };

/** Stands for decimals of a second, which JSONata writes otherwise than it reads them. */
const DECIMALS = '\u0000';

/**
 * No longer text is a date and time; and a long one can be matched with a picture in too many ways.
 */
const LONGEST = 64;

/**
 * JSONata's `$toMillis(text, picture)`, but that nothing is guessed: a text that does not fit its
 * picture, or is a day or a time that there is not, such as 31/02/2026, is an error; and nothing
 * depends on the machine: without a picture a time of day needs its offset, since JSONata takes the
 * machine's.
 *
 * @throws MappingFailed `DateInvalid`
 */
export function toMillisHelper(text: unknown, picture: unknown): number | undefined {
  if (text === undefined || text === null || text === '') return undefined;
  if (typeof text !== 'string' || text.length > LONGEST) throw invalid();
  if (typeof picture === 'string') return byPicture(text, picture);
  const given = readIsoTime(text);
  if (!given || picture !== undefined || (given.time !== undefined && given.offset === undefined)) throw invalid();
  return Date.parse(given.time === undefined ? given.date : `${given.date}T${given.time}${given.offset}`);
}

/** Whether a year in that picture tells its century: JSONata takes `26` for 1926. */
export function hasCentury(picture: string): boolean {
  const years = picture.replaceAll('[[', '').match(/\[\s*Y[^\]]*\]/g) ?? [];
  const written = (year: number): string => years.map((each) => back.call(atZero, Date.UTC(year, 0), each)).join(' ');
  return written(1926) !== written(2026);
}

function byPicture(text: string, picture: string): number {
  const millis = own.call(atZero, text, picture);
  if (millis === undefined || !Number.isFinite(millis)) throw invalid();
  const open = picture.replace(/\[\s*f[^\]]*\]/g, DECIMALS);
  // In the offset that is written in it, if there is one.
  const offsets = [undefined, ...(text.match(/[+-]\d{2}:?\d{2}/g) ?? [])];
  if (!offsets.some((offset) => says(text, back.call(atZero, millis, open, offset?.replace(':', ''))))) throw invalid();
  return millis;
}

/** Whether a text is what JSONata writes, but for zeros in front and for the case of letters. */
function says(text: string, written: string): boolean {
  const [before = '', ...after] = plainly(written).split(DECIMALS);
  const [given, end] = [plainly(text), after.join('')];
  if (after.length === 0) return given === before;
  return given.startsWith(before) && given.endsWith(end) && /^\d+$/.test(given.slice(before.length, given.length - end.length));
}

function plainly(text: string): string {
  return text.replace(/(?<!\d)0+(?=\d)/g, '').toLowerCase();
}

function invalid(): MappingFailed {
  return new MappingFailed({
    code: 'DateInvalid',
    message: '$toMillis was given no date of the form it takes, one that no calendar has, or a time without its offset.',
    remedy: 'Correct the date in the record, or the picture; or make a date-time of it by $dateTime, which takes the zone.',
  });
}
