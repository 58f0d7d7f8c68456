import { Duration } from 'luxon';

/** A number and a unit, e.g. `5 minutes`, `30 s`, `1 hour`. */
export const durationForm = /^(\d+(?:\.\d+)?) ?(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)$/;

const units = { ms: 'milliseconds', s: 'seconds', m: 'minutes', h: 'hours', d: 'days' } as const;

/** Milliseconds. @throws Error for what is not of `durationForm`, which the schema refuses. */
export function durationOf(text: string): number {
  const [, amount, word] = durationForm.exec(text) ?? [];
  if (amount === undefined || word === undefined) throw new Error(`Not a duration: ${text}`);
  const unit = /^(ms|milli)/.test(word) ? units.ms : units[word.charAt(0) as keyof typeof units];
  return Math.round(Duration.fromObject({ [unit]: Number(amount) }).toMillis());
}
