import { UNSEEN_SOURCE } from '../model/unseen.js';

/** What steers a terminal, or turns what stands around it; tab and line feed are ours to print. */
const STEERS = new RegExp(`(?![\\t\\n])${UNSEEN_SOURCE}`, 'gu');

/**
 * The one filter of all that commands print: what would steer a terminal is shown as `\u001b`,
 * which JSON reads as it was.
 */
export function printable(text: string): string {
  return text.replace(STEERS, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * A copy in which no text, and no name of a member, ends a line: one from outside cannot forge the
 * next line of what is printed. A line feed is shown as `\n`.
 */
export function inOneLine<T>(value: T): T {
  return copied(value) as T;
}

function copied(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\r?\n/g, '\\n');
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [copied(name), copied(each)]));
}
