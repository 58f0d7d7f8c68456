import { randomUUID } from 'node:crypto';
import { parse } from 'lossless-json';
import { setOwn } from '../model/keyed.js';
import { ExactNumber, isHeld, marking } from './exact-number.js';

/**
 * Finds what may be a number that JavaScript would write otherwise than it stands: with 16 digits or more, with a zero at the end of a
 * fraction, or with an exponent. One within a text may be found too: it only costs the slower reading.
 */
const MAYBE_EXACT = /(?:^|[:,[])\s*-?(?:\d[\d.]{15,}|\d+\.\d*0|\d[\d.]*[eE][\d+-]+)\s*(?:[,}\]]|$)/;

/** Significant digits that JSONata keeps of a number when it makes a text of it. */
const KEPT_DIGITS = 15;

/** Of this run of the program: what comes from outside cannot hold it. */
const MARK = `exact:${randomUUID()}:`;
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g');

/**
 * Reads JSON without loss: like `JSON.parse`, but a number that would be written otherwise than it stands is an `ExactNumber`.
 *
 * @throws Error where it is not JSON
 */
export function readJson(text: string): unknown {
  return read(text, exactly);
}

/**
 * Reads JSON for expressions, which know numbers and texts alone: a number that cannot be carried as a number is the text of its digits. That
 * is a value that JavaScript does not hold, and an integer of more than 15 digits, of which JSONata would round the rest.
 *
 * @throws Error where it is not JSON
 */
export function readJsonForExpressions(text: string): unknown {
  return read(text, numberOrText);
}

/** Writes JSON, each `ExactNumber` as a number with its digits. */
export function writeJson(value: unknown): string {
  const text = marking(MARK, () => JSON.stringify(value)) ?? 'null';
  return text.includes(MARK) ? text.replaceAll(MARKED, '$1') : text;
}

/** Whether `readJsonForExpressions` gives such a number as a text. */
export function isCarriedAsText(text: string): boolean {
  const digits = text.replace(/^-/, '');
  return !isHeld(text) || (/^\d+$/.test(digits) && digits.length > KEPT_DIGITS);
}

function read(text: string, ofNumber: (text: string) => unknown): unknown {
  if (!MAYBE_EXACT.test(text)) return JSON.parse(text);
  try {
    // Like JSON.parse, the last of several members of one name counts.
    return parse(text, null, { parseNumber: ofNumber, onDuplicateKey: ({ newValue }) => newValue });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return readDeep(text, ofNumber);
  }
}

/** The same for what is nested deeper than `parse` can follow, as one record may be, which is to harm no other one of its page. */
function readDeep(text: string, ofNumber: (text: string) => unknown): unknown {
  JSON.parse(text);
  const marked = text.replace(/"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g, (token) => (token.startsWith('"') ? token : `"${MARK}${token}"`));
  const root: Record<string, unknown> = { value: JSON.parse(marked) };
  const open: object[] = [root];
  for (let each = open.pop(); each !== undefined; each = open.pop())
    for (const [key, value] of Object.entries(each) as [string, unknown][]) {
      if (typeof value === 'object' && value !== null) open.push(value);
      else if (typeof value === 'string' && value.startsWith(MARK))
        setOwn(each as Record<string, unknown>, key, ofNumber(value.slice(MARK.length)));
    }
  return root['value'];
}

function exactly(text: string): number | ExactNumber {
  const number = Number(text);
  return String(number) === text ? number : new ExactNumber(text);
}

function numberOrText(text: string): number | string {
  return isCarriedAsText(text) ? text : Number(text);
}
