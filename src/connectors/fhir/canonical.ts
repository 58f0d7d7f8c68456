import { ExactNumber } from '../../json/exact-number.js';

/** A value of JSON as a text that is the same whatever the order of its members, and however many zeros end a number. */
export function canonical(value: unknown): string {
  if (value instanceof ExactNumber)
    return /[eE]/.test(value.text) ? value.text : value.text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(',')}}`;
}
