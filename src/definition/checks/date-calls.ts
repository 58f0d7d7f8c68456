import { isTimeZone } from '../../mapping/time-zone.js';
import { hasCentury } from '../../mapping/to-millis.js';
import type { Call } from './expression-parts.js';

/** What is wrong with a call: a code of `validate`, what it says, and what would be right. */
interface WrongCall {
  code: string;
  message: string;
  allowed: string;
}

const ZONES = 'an IANA time zone, e.g. "Asia/Kolkata"';
const OFFSETS = 'an offset written out as "+0530"; $dateTime takes the name of a zone';

/**
 * Judges a call of what makes or reads dates: its zone and its picture, where they are written out;
 * of JSONata's own functions they must be.
 */
export function wrongDateCall({ name, literals, workedOut }: Call): WrongCall | undefined {
  if (name === 'date' || name === 'dateTime') return wrongZone(name, literals);
  if (!MUST_BE_CALLED.includes(name)) return undefined;
  if (workedOut[1] || workedOut[2])
    return { code: 'BadPicture', message: `$${name} works out its picture or zone anew for each record.`, allowed: WRITTEN };
  return name === 'fromMillis' ? wrongFromMillis(literals) : wrongToMillis(literals);
}

/**
 * JSONata's own functions that are checked at each call, so that none may be passed on as a value.
 */
export const MUST_BE_CALLED = ['fromMillis', 'toMillis'];

const WRITTEN = 'a picture, and an offset such as "+0530", written out in the expression';

function wrongZone(name: string, literals: Call['literals']): WrongCall | undefined {
  if (literals.length < 2)
    return { code: 'BadZone', message: `$${name} is given no time zone, so that no one could tell which day it is.`, allowed: ZONES };
  const zone = literals[1];
  if (zone === undefined || isTimeZone(zone)) return undefined;
  return { code: 'BadZone', message: `$${name} is given a time zone that is not in the IANA database.`, allowed: ZONES };
}

function wrongFromMillis([, picture, zone]: Call['literals']): WrongCall | undefined {
  if (picture !== undefined && !picture.includes('['))
    return {
      code: 'BadPicture',
      message: 'The picture of $fromMillis has no part of a date, such as [Y0001].',
      allowed: 'e.g. "[Y0001]-[M01]-[D01]"',
    };
  if (zone === undefined) return undefined;
  // Of hours and minutes behind UTC, JSONata makes another time.
  if (/^\+(?:0\d|1[0-3])[0-5]\d$|^\+1400$|^-(?:0\d|1[0-4])00$/.test(zone)) return undefined;
  return {
    code: 'BadZone',
    message: '$fromMillis takes an offset of four digits, behind UTC in full hours, and makes another time of any other text.',
    allowed: OFFSETS,
  };
}

function wrongToMillis([, picture]: Call['literals']): WrongCall | undefined {
  if (picture === undefined) return undefined;
  if (!/\[\s*Y/.test(picture.replaceAll('[[', '')))
    return {
      code: 'NotRepeatable',
      message: 'The picture of $toMillis has no year: it would be taken from the present moment, and the record be another one later.',
      allowed: 'a picture with [Y…]',
    };
  return centuryIn(picture) ? undefined : { code: 'BadPicture', message: NO_CENTURY, allowed: 'a year of four digits, e.g. [Y0001]' };
}

const NO_CENTURY =
  'The picture of $toMillis has no year with its century: 26 would be 1926. Put the century before the year that the record gives.';

/** A picture that JSONata cannot use is told of by it. */
function centuryIn(picture: string): boolean {
  try {
    return hasCentury(picture);
  } catch {
    return true;
  }
}
