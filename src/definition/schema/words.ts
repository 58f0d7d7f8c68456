import { z } from 'zod';
import { cadenceProblem } from '../parts/cadence.js';
import { durationForm, durationOf } from '../parts/duration.js';

/**
 * Every object of JavaScript has something under these names, so that looking for one of them finds
 * it where there is none.
 */
const isTaken = (given: string): boolean => Object.hasOwn(Object.prototype, given);
const takenText = 'is a name that JavaScript itself uses; choose another';

/** Names of integrations and processes: they are parts of workflow ids. */
export const slug = z
  .string()
  .regex(/^[a-z0-9-]{1,60}$/, 'must be 1 to 60 of a-z, 0-9 and "-"')
  .refine((given) => !isTaken(given), takenText);

export const entityTypeName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,60}$/, 'must be 1 to 60 of A-Z, a-z, 0-9 and "-"')
  .refine((given) => !isTaken(given), takenText);

/** Names of systems, code tables and resources. */
export const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/, 'must begin with a letter and have at most 60 of letters, digits, "_" and "-"')
  .refine((given) => !isTaken(given), takenText);

/** JSONata; whether it compiles is checked apart, so that the place within it can be told. */
export const expression = z
  .string()
  .min(1, 'must be a JSONata expression')
  .max(100_000, 'must have at most 100,000 characters')
  .meta({ description: 'A JSONata expression over the record' });

/** Names of functions, as JSONata calls them behind a `$`. */
export const functionName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,59}$/, 'must begin with a letter and have at most 60 of letters, digits and "_"')
  .refine((given) => !isTaken(given), takenText);

export const duration = z
  .string()
  .regex(durationForm, 'must be a number and a unit, e.g. "5 minutes", "30 s" or "1 hour"')
  .meta({ examples: ['5 minutes', '1 hour', '30 s'] });

const day = 86_400_000;

/** More than nothing, at most a leap year. */
export const interval = duration.refine(
  (text) => !durationForm.test(text) || (durationOf(text) > 0 && durationOf(text) <= 366 * day),
  'must be more than nothing, and at most 366 days',
);

const at = z
  .string()
  .refine((text) => cadenceProblem(text) === undefined, { error: (issue) => cadenceProblem(String(issue.input)) ?? 'is not a time of day' })
  .meta({ description: 'Once a day: HH:mm and an IANA time zone', examples: ['01:30 Asia/Kolkata'] });

/** `every` or `at`, never both: spread into whatever has a cadence. */
export const cadence = {
  every: interval.optional(),
  at: at.optional(),
};

/** For a refinement of what `cadence` is spread into. */
export const notBoth = (value: { every?: string | undefined; at?: string | undefined }): boolean =>
  value.every === undefined || value.at === undefined;
export const notBothText = 'must have "every" or "at", not both';
