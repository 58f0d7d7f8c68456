import { isNumber, valueText } from '../../json/exact-number.js';
import { normalText } from './normal-text.js';

/**
 * A value of JSON as a text that is the same whatever the order of its members; its numbers by
 * value, its instants by time, its references relative to `base`. What a server gives back in
 * another form has the same text.
 */
export function canonical(value: unknown, base: string): string {
  if (isNumber(value)) return valueText(value);
  if (typeof value === 'string') return JSON.stringify(normalText(value, base));
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each, base)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each, base)}`).join(',')}}`;
}
