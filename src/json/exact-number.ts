const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** What is longer is compared by its text: counting with it would take ever longer. */
const MOST_CHARACTERS = 1_000;
const MOST_EXPONENT_DIGITS = 6;

/** No more than 15 digits, of no great or little value: a JavaScript number holds each of them. */
const SURELY_HELD = /^-?[\d.]{1,15}(?:[eE][+-]?\d{1,2})?$/;

/** Stands before the digits in what `marking` gives. */
let mark = '';

/**
 * A number of JSON by its digits, where a JavaScript number would lose some of them:
 * `12345678901234567890`, `1.10`, `1e400`. Elsewhere a plain number stands for itself. Only
 * `writeJson` writes it as a number; `JSON.stringify` gives its digits as a text.
 */
export class ExactNumber {
  /** @throws TypeError where the text is no number of JSON */
  constructor(readonly text: string) {
    if (!isNumberText(text)) throw new TypeError('It is no number of JSON');
  }

  toJSON(): string {
    return mark + this.text;
  }
}

/** What `work` gives while each exact number begins with `by` in JSON. */
export function marking<T>(by: string, work: () => T): T {
  mark = by;
  try {
    return work();
  } finally {
    mark = '';
  }
}

/** Whether a value is a number of JSON, plain or exact. */
export function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === 'number' || value instanceof ExactNumber;
}

/** Whether a text is a number of JSON. A regular expression has no room for many MB of digits. */
export function isNumberText(text: string): boolean {
  if (text.length <= MOST_CHARACTERS) return NUMBER.test(text);
  return !/^\s|\s$/.test(text) && isNumberOfJson(text);
}

function isNumberOfJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'number';
  } catch {
    return false;
  }
}

/** Compares by value: `1.10` equals `1.1`, and `12345678901234567890` no neighbour of it. */
export function sameNumber(a: number | ExactNumber, b: number | ExactNumber): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  return valueText(a) === valueText(b);
}

/** One text for all numbers of the same value. */
export function valueText(number: number | ExactNumber): string {
  return valueOf(typeof number === 'number' ? String(number) : number.text);
}

/**
 * Whether a JavaScript number has the very value of these digits. `0.1` counts as such: it is what
 * the shortest writing of a number says.
 */
export function isHeld(text: string): boolean {
  if (SURELY_HELD.test(text)) return true;
  if (text.length > MOST_CHARACTERS) return false;
  const number = Number(text);
  return Number.isFinite(number) && valueOf(String(number)) === valueOf(text);
}

/** One text for each value: its digits without zeros at either end, and the exponent. */
function valueOf(text: string): string {
  if (text.length > MOST_CHARACTERS) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const short = withoutZeros(digits);
  if (short === '') return '0';
  if (exponent.replace(/^[+-]/, '').length > MOST_EXPONENT_DIGITS) return text;
  return `${sign}${short}e${String(Number(exponent) - fraction.length + digits.length - short.length)}`;
}

/** By hand: of `/0+$/` each zero of a long number would be a new beginning. */
function withoutZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
