import { writeJson } from '../json/json.js';
import { isNumber } from '../json/exact-number.js';
import { inOneLine } from './printable.js';

/** A value as lines `path: value`, one for each text, number or truth in it. */
export function valueLines(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || isNumber(value)) {
    const text = value === undefined ? 'nothing' : writeJson(value);
    return [path === '' ? text : `${inOneLine(path)}: ${text}`];
  }
  const members = Object.entries(value);
  if (members.length === 0) return valueLines(undefined, path);
  return members.flatMap(([name, each]) => {
    const step = Array.isArray(value) ? `[${name}]` : path === '' ? name : `.${name}`;
    return valueLines(each, `${path}${step}`);
  });
}

/** A value in one line. */
export function inline(value: unknown): string {
  return value === undefined ? 'nothing' : writeJson(value);
}
