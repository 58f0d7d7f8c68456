import { isCarriedAsText } from '../json/json.js';
import { MappingFailed } from './mapping.js';
import { ownOf } from './own-of.js';

type FromText<A extends unknown[]> = (...given: A) => number | undefined;

const ownNumber = await ownOf<FromText<[value: unknown]>>('number');
const ownParseInteger = await ownOf<FromText<[text: string | undefined, picture: string]>>('parseInteger');

/**
 * Whole numbers below it have no more digits than JSONata keeps where it makes a text of a number.
 */
const MOST = 1e15;

/** What JSONata takes for a number in base ten. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:[Ee][-+]?\d+)?$/;

/** What stands before the digits of a number, and says nothing of its value. */
const LEADING_ZEROS = /^(-?)0+(?=\d)/;

/**
 * JSONata's `$number`, but that nothing is rounded: a text whose digits the number would lose is an
 * error. Without that, two cards of 20 digits are one.
 *
 * @throws MappingFailed `NumberTooLong`
 */
export function numberHelper(value: unknown): number | undefined {
  if (typeof value === 'string' && isCarriedAsText(value.replace(LEADING_ZEROS, '$1')) && NUMBER.test(value)) throw tooLong('$number');
  const number = ownNumber(value);
  if (Number.isNaN(number)) throw failed('$number was given a text that is no number', 'Correct the record, or the expression');
  // Of a base other than ten: JSONata takes 0x, 0o and 0b.
  if (typeof value === 'string' && isTooLong(number) && /^0[xob]/i.test(value)) throw tooLong('$number');
  return number;
}

/**
 * JSONata's `$parseInteger`, but that nothing is rounded, and that what is no number is an error.
 *
 * @throws MappingFailed `NumberTooLong`
 */
export function parseIntegerHelper(text: string | undefined, picture: string): number | undefined {
  const number = ownParseInteger(text, picture);
  if (Number.isNaN(number)) throw failed('$parseInteger was given a text that is no whole number', 'Correct the record, or the picture');
  if (isTooLong(number)) throw tooLong('$parseInteger');
  return number;
}

function isTooLong(number: number | undefined): boolean {
  return number !== undefined && Math.abs(number) >= MOST;
}

function tooLong(helper: string): MappingFailed {
  const remedy = `Leave ${helper} out: the text goes on with all its digits, and is written as a number where the element takes one`;
  return failed(`${helper} was given a number of which it would round some digits`, remedy, 'NumberTooLong');
}

function failed(what: string, remedy: string, code = 'MappingFailed'): MappingFailed {
  return new MappingFailed({ code, message: `${what}.`, remedy: `${remedy}.` });
}
