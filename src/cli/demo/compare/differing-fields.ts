import { isDeepStrictEqual } from 'node:util';
import { getOwn } from '../../../model/keyed.js';

/** Names of the fields that are not the same: instants are, whatever their zone. */
export function differingFields(expected: Record<string, unknown>, actual: Record<string, unknown>): string[] {
  const fields = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  return fields.filter((field) => !isDeepStrictEqual(comparable(getOwn(expected, field)), comparable(getOwn(actual, field))));
}

/** Without undefined members, and instants as such, whatever their zone. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string')
    return /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(value) && !Number.isNaN(Date.parse(value)) ? Date.parse(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Array.from(value, comparable);
  return Object.fromEntries(Object.entries(value).flatMap(([name, each]) => (each === undefined ? [] : [[name, comparable(each)]])));
}
