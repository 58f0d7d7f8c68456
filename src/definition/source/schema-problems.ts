import type { z } from 'zod';
import { allowedKeys } from './allowed-keys.js';
import type { Report } from './report.js';
import { didYouMean, listed } from './suggest.js';
import type { Path } from './path.js';
import { getOwn } from '../../model/keyed.js';

interface Place {
  /** Where the value stands in the file. */
  at: Path;
  /** Keys that are allowed there beside the schema's own. */
  alsoAllowed?: readonly string[];
  /** Makes a message fit to be shown. */
  scrub?: (message: string) => string;
  /** Where the value at a path comes from, e.g. ` (from the variable API_TOKEN)`, or nothing. */
  from?: (path: Path) => string;
}

/**
 * Reports what a schema finds wrong with a value, in words and with its place; gives the parsed
 * value where nothing is.
 */
export function parseReported<T>(schema: z.ZodType<T>, value: unknown, report: Report, place: Place): T | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) reportIssue(issue, [], { schema, value, report, place });
  return undefined;
}

interface Setting {
  schema: z.ZodType;
  value: unknown;
  report: Report;
  place: Place;
}

function reportIssue(issue: z.core.$ZodIssue, around: Path, setting: Setting): void {
  const { report, place } = setting;
  const inner = [...around, ...issue.path.map(part)];
  const path = [...place.at, ...inner];
  const last = String(path.at(-1) ?? 'the file');
  if (issue.code === 'unrecognized_keys') return reportUnknown(issue.keys, inner, setting);
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    for (const each of likeliest(issue.errors)) reportIssue(each, inner, setting);
    return;
  }
  if (issue.code === 'invalid_key')
    return report.add('InvalidName', path, `"${last}" ${issue.issues[0]?.message ?? 'is not a valid name'}.`, { of: 'key' });
  if (issue.code === 'invalid_type' && valueAt(setting.value, inner) === undefined)
    return report.add('MissingKey', path, `"${last}" is missing.`, { allowed: `${article(issue.expected)}` });
  if (issue.code === 'invalid_type') {
    const found = article(kind(valueAt(setting.value, inner)));
    const quote = issue.expected === 'string' && !isHolder(found) ? ': put it in quotes' : '';
    return report.add('WrongType', path, `"${last}" must be ${article(issue.expected)}, not ${found}${quote}.`);
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    const given = valueAt(setting.value, inner);
    const meant = typeof given === 'string' ? didYouMean(given, allowed) : '';
    return report.add('WrongValue', path, `"${last}" has a value that is not allowed.${meant}`, { allowed: allowed.join(', ') });
  }
  const from = place.from?.(path) ?? '';
  report.add('WrongValue', path, `${sentence(last, `${(place.scrub ?? String)(issue.message)}${from}`)}${nearOf(issue)}`);
}

/** A near match, where the issue says what is known. */
function nearOf(issue: z.core.$ZodIssue): string {
  const { given, known } = (issue.code === 'custom' ? issue.params : undefined) ?? {};
  return typeof given === 'string' && Array.isArray(known) ? didYouMean(given, known.map(String)) : '';
}

function reportUnknown(keys: string[], inner: Path, { schema, report, place }: Setting): void {
  const known = allowedKeys(schema, inner);
  const allowed = inner.length === 0 ? [...(place.alsoAllowed ?? []), ...known] : known;
  for (const key of keys)
    report.add('UnknownKey', [...place.at, ...inner, key], `Unknown key "${key}".${report.full ? '' : didYouMean(key, allowed)}`, {
      of: 'key',
      allowed: report.full ? undefined : listed(allowed),
    });
}

/**
 * Of the alternatives of a union, the one the author meant: not of another type as a whole, and
 * with the least to mend.
 */
function likeliest(alternatives: z.core.$ZodIssue[][]): z.core.$ZodIssue[] {
  const other = (issues: z.core.$ZodIssue[]): number =>
    issues.filter((issue) => issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'custom')).length;
  return [...alternatives].sort((a, b) => other(a) - other(b) || a.length - b.length)[0] ?? [];
}

const part = (key: PropertyKey): string | number => (typeof key === 'number' ? key : String(key));

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, key) => (typeof here === 'object' && here !== null ? getOwn(here as Record<string | number, unknown>, key) : undefined),
    value,
  );
}

function kind(value: unknown): string {
  if (value === null) return 'nothing';
  return Array.isArray(value) ? 'array' : typeof value;
}

const words: Record<string, string> = {
  string: 'text',
  record: 'a mapping of names to values',
  object: 'a mapping of names to values',
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
};

const isHolder = (found: string): boolean => found === 'a list' || found === 'a mapping of names to values';

const article = (type: string): string => getOwn(words, type) ?? type;

/**
 * Own messages begin with what the value must be or have; those of a library stand by themselves.
 */
function sentence(name: string, message: string): string {
  const text = /^[a-z]/.test(message) && name !== '' ? `"${name}" ${message}` : message;
  return text.endsWith('.') ? text : `${text}.`;
}
