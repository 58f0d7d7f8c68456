import { NotQuick } from './not-quick.js';

/** JSONata's notion of true, for plain JSON or undefined. @throws NotQuick */
export function truth(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(truth);
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  if (typeof value === 'number' && !Number.isFinite(value)) throw new NotQuick();
  return Boolean(value);
}

/** A value as JSONata writes it into a text: of texts, whole numbers, true and false alone. @throws NotQuick */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isInteger(value))) return JSON.stringify(value);
  throw new NotQuick();
}

/** Whether two single values are the same. @throws NotQuick for lists and objects. */
export function same(a: unknown, b: unknown): boolean {
  if ([a, b].some((each) => typeof each === 'object' && each !== null)) throw new NotQuick();
  return a === b;
}
