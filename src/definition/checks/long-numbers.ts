import { isCarriedAsText } from '../../json/json.js';

/**
 * Where a number begins of which JSONata would lose some digits; undefined for any other. JSONata
 * says where it ends.
 */
export function longNumberAt({ value, end }: { value: number; end: number }, text: string): number | undefined {
  // What stands before a number may look like its beginning.
  const from = [withExponent(text, end), withFraction(text, end), digits(text, end)].find(
    (each) => each !== undefined && Number(text.slice(each, end)) === Math.abs(value),
  );
  return from !== undefined && isCarriedAsText(text.slice(from, end)) ? from : undefined;
}

/** Where `1.5e+3` begins that ends there, if it does. */
function withExponent(text: string, end: number): number | undefined {
  const from = digits(text, end);
  const e = /[+-]/.test(text.charAt(from - 1)) ? from - 2 : from - 1;
  return /[eE]/.test(text.charAt(e)) && isDigit(text, e - 1) ? withFraction(text, e) : undefined;
}

/** Where `1.5` begins that ends there, or `5`. */
function withFraction(text: string, end: number): number {
  const from = digits(text, end);
  return text.charAt(from - 1) === '.' && isDigit(text, from - 2) ? digits(text, from - 1) : from;
}

/** Where the digits begin that end there. */
function digits(text: string, end: number): number {
  let from = end;
  while (isDigit(text, from - 1)) from -= 1;
  return from;
}

function isDigit(text: string, at: number): boolean {
  return /\d/.test(text.charAt(at));
}
