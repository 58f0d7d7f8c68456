import { RE2JS } from 're2js';
import type { RegexToken } from './regex-tokens.js';
import { getOwn } from '../../model/keyed.js';

/** What ends a line in JavaScript and not in RE2, which knows `\n` alone. */
const OTHER_LINE_ENDS = /[\r\u2028\u2029]/;

/** What tells on both sides of a character what it is: for whatever ends a line, for part of a word, for the rest. */
const SIDES = ['\n', '0', '-'] as const;
/** Stand for these three where they are characters of the text, so that none is taken for a side. */
const STAND_INS: Readonly<Record<string, string>> = { '\n': 'ns', '0': 'zs', '-': 'hs' };

/** Characters that stand for each one of a text. */
export const WIDTH = 4;

/** Whether RE2 finds other lines in a text than JavaScript. */
export function hasOtherLineEnds(text: string): boolean {
  return OTHER_LINE_ENDS.test(text);
}

/**
 * A text in which RE2 sees the edges of lines as JavaScript does: each character stands between two sides, at which `^`, `$` and `\b` look, and behind
 * a mark. Each atom of the expression takes all four, and can begin nowhere else.
 */
export function withEdges(text: string): string {
  return text.replace(/[^]/g, (character) => {
    const side = /[\n\r\u2028\u2029]/.test(character) ? '\n' : /\w/.test(character) ? '0' : '-';
    return side + (getOwn(STAND_INS, character) ?? `x${character}`) + side;
  });
}

/** The expression for such texts. */
export function edgedSource(tokens: RegexToken[], flags: number): string {
  const side = `[${SIDES.join('')}]`;
  const edged = (atom: string): string => {
    const pattern = RE2JS.compile(atom, flags);
    const special = SIDES.filter((each) => pattern.testExact(each)).map((each) => `|${STAND_INS[each] ?? ''}`);
    return `(?:${side}(?:x(?:${atom})${special.join('')})${side})`;
  };
  return tokens.map(({ kind, re2 }) => (kind === 'atom' ? edged(re2) : re2)).join('');
}
