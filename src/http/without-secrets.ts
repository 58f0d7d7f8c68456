import { LRUCache } from 'lru-cache';
import type { HttpRequest } from './http.js';

/**
 * Characters of what a system says where it refuses: what it has to say stands at its beginning.
 */
const LONGEST = 1024 * 1024;

/** Shorter ones are no secrets, and words that an answer is recognised by. */
const SHORTEST_SECRET = 6;

/** Tokens are renewed; the latest are those that are sent. */
const patterns = new LRUCache<string, RegExp>({ max: 20 });

/**
 * A text from outside without what we signed in with, which a system or a proxy may repeat, and of
 * a bounded length.
 */
export function withoutSecrets(text: string, { secrets = [] }: Pick<HttpRequest, 'secrets'>): string {
  return scrubbed(text, secrets).slice(0, LONGEST);
}

/**
 * A text without these secrets, as they are, and as JSON, addresses and web pages write them:
 * whoever reads such a text as what it is would have them again.
 */
export function scrubbed(text: string, secrets: readonly string[]): string {
  const real = secrets.filter((each) => each.length >= SHORTEST_SECRET);
  return real.reduce((left, secret) => left.replace(patternOf(secret), '…'), text);
}

function patternOf(secret: string): RegExp {
  const known = patterns.get(secret);
  if (known) return known;
  const pattern = new RegExp((secret.match(SIGNS) ?? []).map((sign) => `(?:${formsOf(sign).join('|')})`).join(''), 'g');
  patterns.set(secret, pattern);
  return pattern;
}

/**
 * Backslashes in a row go together: each by itself may be several, which would be matched in too
 * many ways.
 */
const SIGNS = /\\+|[^]/gu;

const NAMED: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
  [' ', '\\+'],
]);

/** One sign, or backslashes in a row, as texts write them. */
function formsOf(sign: string): string[] {
  const { length } = sign;
  if (sign.startsWith('\\')) return [`\\\\{${length},${8 * length}}`, ...formsOfOne('\\').map((form) => `(?:${form}){${length}}`)];
  // JSON writes a backslash before some, and JSON within JSON doubles it.
  return [escaped(sign), ...(/[/"]/.test(sign) ? [`\\\\{1,8}${sign}`] : []), ...formsOfOne(sign)];
}

/** One sign by its number, or its name. */
function formsOfOne(sign: string): string[] {
  const units = Array.from({ length: sign.length }, (_, at) => sign.charCodeAt(at));
  const bytes = [...Buffer.from(sign, 'utf8')];
  const named = NAMED.get(sign);
  const code = sign.codePointAt(0) ?? 0;
  return [
    units.map((unit) => `\\\\{1,8}u${hex(unit, 4)}`).join(''),
    bytes.map((byte) => `%${hex(byte, 2)}`).join(''),
    `&#0{0,6}${code};`,
    `&#[xX]0{0,6}${hex(code, 1)};`,
    ...(named === undefined ? [] : [named]),
  ];
}

/** Digits in either case. */
function hex(value: number, digits: number): string {
  const text = value.toString(16).padStart(digits, '0');
  return text.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function escaped(sign: string): string {
  return sign.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
