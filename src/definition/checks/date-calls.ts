import { isTimeZone } from '../../mapping/time-zone.js';
import type { Call } from './expression-parts.js';

/** What is wrong with a call: a code of `validate`, what it says, and what would be right. */
interface WrongCall {
  code: string;
  message: string;
  allowed: string;
}

const ZONES = 'an IANA time zone, e.g. "Asia/Kolkata"';
const OFFSETS = 'an offset written out as "+0530"; $dateTime takes the name of a zone';

/** Judges a call of what makes or reads dates: its zone and its picture, where they are written out; of JSONata's own functions they must be. */
export function wrongDateCall({ name, literals, workedOut }: Call): WrongCall | undefined {
  if (name === 'date' || name === 'dateTime') return wrongZone(name, literals);
  if (!MUST_BE_CALLED.includes(name)) return undefined;
  if (workedOut[1] || workedOut[2])
    return { code: 'BadPicture', message: `$${name} works out its picture or zone anew for each record.`, allowed: WRITTEN };
  return name === 'fromMillis' ? wrongFromMillis(literals) : wrongToMillis(literals);
}

/** JSONata's own functions that are checked at each call, so that none may be passed on as a value. */
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
  if (/^[+-](?:0\d|1[0-3])[0-5]\d$|^[+-]1400$/.test(zone)) return undefined;
  return {
    code: 'BadZone',
    message: '$fromMillis takes an offset of four digits, and makes another time of any other text.',
    allowed: OFFSETS,
  };
}

function wrongToMillis([, picture]: Call['literals']): WrongCall | undefined {
  if (picture === undefined || /\[\s*Y/.test(picture.replaceAll('[[', ''))) return undefined;
  return {
    code: 'NotRepeatable',
    message: 'The picture of $toMillis has no year: it would be taken from the present moment, and the record be another one later.',
    allowed: 'a picture with [Y…]',
  };
}
