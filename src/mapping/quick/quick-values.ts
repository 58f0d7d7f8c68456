import { notQuick } from './not-quick.js';

/** JSONata's notion of true, for plain JSON or undefined. @throws notQuick */
export function truth(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(truth);
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  if (typeof value === 'number' && !Number.isFinite(value)) throw notQuick;
  return Boolean(value);
}

/** A value as JSONata writes it into a text: of texts, whole numbers, true and false alone. @throws notQuick */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isInteger(value))) return JSON.stringify(value);
  throw notQuick;
}

/** Whether two single values are the same. @throws notQuick for lists and objects. */
export function same(a: unknown, b: unknown): boolean {
  if ([a, b].some((each) => typeof each === 'object' && each !== null)) throw notQuick;
  return a === b;
}
