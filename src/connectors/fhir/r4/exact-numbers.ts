import { ExactNumber, isNumber, isNumberText } from '../../../json/exact-number.js';
import { isCarriedAsText } from '../../../json/json.js';

/** Datatypes of R4 that JSON writes as numbers. */
const NUMERIC = new Set(['decimal', 'integer', 'positiveInt', 'unsignedInt']);
const MOST = 2 ** 31 - 1;

/**
 * For an element that takes a number: the digits that a source record carries as a text, as a
 * number again. Any other value as it is.
 */
export function digitsAsNumber(value: unknown, type: string): unknown {
  if (typeof value !== 'string' || !NUMERIC.has(type)) return value;
  return isNumberText(value) && isCarriedAsText(value) ? new ExactNumber(value) : value;
}

/**
 * What is wrong with a whole number of more than 32 bits, which R4 does not have; the validator
 * takes any.
 */
export function rangeProblem(value: unknown, type: string): string | undefined {
  if (!isNumber(value) || type === 'decimal' || !NUMERIC.has(type)) return undefined;
  const number = value instanceof ExactNumber ? Number(value.text) : value;
  return number > MOST || number < -MOST - 1 ? 'it is a whole number of more than 32 bits' : undefined;
}

/**
 * For validators, which know plain numbers alone: the nearest finite one in the place of each exact
 * number.
 */
export function withNearNumbers(value: unknown): unknown {
  if (value instanceof ExactNumber) return near(Number(value.text));
  if (Array.isArray(value)) return value.map(withNearNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withNearNumbers(each)]));
}

function near(number: number): number {
  return Number.isFinite(number) ? number : Math.sign(number) * Number.MAX_VALUE;
}
