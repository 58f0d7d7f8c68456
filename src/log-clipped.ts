import type { LoggerOptions } from 'pino';
import { clean } from './model/clean.js';

/** Characters of one text of a line. */
const MAX_TEXT = 1_000;
/** Members of a list or an object. */
const MAX_MEMBERS = 30;
/** Lists and objects within one another. */
const MAX_DEPTH = 4;

/**
 * Settings of pino by which no text from outside makes a line long, or steers who reads it: each is
 * cleaned and cut, names of members too.
 */
export const CLIPPED: Pick<LoggerOptions, 'formatters' | 'hooks'> = {
  formatters: { log: (fields) => clipped(fields, 0) as Record<string, unknown> },
  hooks: {
    logMethod(args, method) {
      const [fields, message, ...rest] = args;
      // Without a message of its own, the first is it.
      const told = (typeof message === 'string' ? [fields, clean(message, MAX_TEXT)] : [clipped(fields, 0)]) as Parameters<typeof method>;
      method.apply(this, [...told, ...rest] as Parameters<typeof method>);
    },
  },
};

function clipped(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return clean(value, MAX_TEXT);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.slice(0, MAX_MEMBERS).map((each) => clipped(each, depth + 1));
  if (value instanceof Error) return { name: clean(value.name, MAX_TEXT) };
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_MEMBERS)
      .map(([name, each]) => [clean(name, MAX_TEXT), clipped(each, depth + 1)]),
  );
}
