import { randomUUID } from 'node:crypto';
import { COST, costOfReading } from './cost-of-reading.js';
import { ExactNumber, isHeld, isNumberText, marking } from './exact-number.js';
import { replaceNumbers } from './replace-numbers.js';
import { replaceStrings } from './replace-strings.js';

/** Significant digits that JSONata keeps of a number when it makes a text of it. */
const KEPT_DIGITS = 15;

/** So many characters without an exponent have no more digits than JSONata keeps. */
const PLAIN = 15;

/** Of this run of the program: what comes from outside cannot hold it. */
const MARK = `exact:${randomUUID()}:`;
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g');

/**
 * Reads JSON without loss: like `JSON.parse`, but a number that would be written otherwise than it
 * stands is an `ExactNumber`.
 *
 * @throws TooManyValues, Error where it is not JSON
 */
export function readJson(text: string): unknown {
  const mark = `${randomUUID()}:`;
  const spend = costOfReading();
  const marked = replaceNumbers(text, spend, (from, to) => {
    const number = text.slice(from, to);
    const isSame = String(Number(number)) === number;
    spend(isSame ? COST.number : COST.numberWithCare);
    return !isSame && isNumberText(number) ? `"${mark}${number}"` : undefined;
  });
  const value: unknown = JSON.parse(marked);
  return marked === text ? value : replaceStrings(value, mark, (number) => new ExactNumber(number));
}

/**
 * Reads JSON for expressions, which know numbers and texts alone: a number that cannot be carried
 * as a number is the text of its digits. That is a value that JavaScript does not hold, and an
 * integer of more than 15 digits, of which JSONata would round the rest.
 *
 * @throws TooManyValues, Error where it is not JSON
 */
export function readJsonForExpressions(text: string): unknown {
  const spend = costOfReading();
  const quoted = replaceNumbers(text, spend, (from, to) => {
    const number = text.slice(from, to);
    if (to - from <= PLAIN && !/e/i.test(number)) return undefined;
    spend(COST.numberWithCare);
    return isNumberText(number) && isCarriedAsText(number) ? `"${number}"` : undefined;
  });
  return JSON.parse(quoted);
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
