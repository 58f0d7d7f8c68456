import { COST } from './cost-of-reading.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const BRACE = 0x7b;
const BRACKET = 0x5b;
const AFTER_NUMBER = /[ \t\n\r]*:/y;

/**
 * A text of JSON with some of its numbers written otherwise: `replace` gets each by its place and
 * tells what stands there instead, if anything. It may get what only looks like a number. One pass,
 * whatever the depth, in which `spend` is told what all but the numbers costs to read. A text that
 * is no JSON does not become JSON: a number as a name stays.
 */
export function replaceNumbers(
  text: string,
  spend: (cost: number) => void,
  replace: (from: number, to: number) => string | undefined,
): string {
  const pieces: string[] = [];
  let done = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (!beginsNumber(code)) {
      const cost = costOf(code);
      if (cost > 0) spend(cost);
      at += 1;
    } else {
      const end = endOfNumber(text, at);
      const other = replace(at, end);
      if (other !== undefined && !isName(text, end)) {
        pieces.push(text.slice(done, at), other);
        done = end;
      }
      at = end;
    }
  }
  return done === 0 ? text : pieces.join('') + text.slice(done);
}

/** Of a sign outside of strings. */
function costOf(code: number): number {
  if (code === COMMA) return COST.next;
  if (code === COLON) return COST.name;
  return code === BRACE || code === BRACKET ? COST.container : 0;
}

/**
 * Where the string that begins at `from` has ended. A regular expression has no room for many MB.
 */
function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let first = quote;
    while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    if ((quote - first) % 2 === 0) return quote + 1;
  }
  return text.length;
}

function endOfNumber(text: string, from: number): number {
  let end = from + 1;
  while (continuesNumber(text.charCodeAt(end))) end += 1;
  return end;
}

/** `-` or a digit. */
function beginsNumber(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d;
}

/** A digit, or one of `+ - . e E`. */
function continuesNumber(code: number): boolean {
  return beginsNumber(code) || code === 0x2e || code === 0x2b || code === 0x65 || code === 0x45;
}

/** As a text it would be a good name of a member, as a number it is none. */
function isName(text: string, end: number): boolean {
  AFTER_NUMBER.lastIndex = end;
  return AFTER_NUMBER.test(text);
}
