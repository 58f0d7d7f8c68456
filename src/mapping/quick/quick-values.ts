import { notQuick } from './not-quick.js';

/**
 * Items of a list, and characters of a text, that a part of an expression may make: what functions
 * make of what they made would double and double.
 */
const MAX_ITEMS = 1_000;
const MAX_CHARACTERS = 16_000;

/** A text or a list that an expression made. @throws notQuick for a long one */
export function short<T extends string | unknown[]>(made: T): T {
  if (made.length > (typeof made === 'string' ? MAX_CHARACTERS : MAX_ITEMS)) throw notQuick;
  return made;
}

/**
 * JSONata's notion of true, for plain JSON or undefined. @throws notQuick, also for lists within
 * lists, which may be the same one many times
 */
export function truth(value: unknown): boolean {
  if (Array.isArray(value)) {
    if (value.some(Array.isArray)) throw notQuick;
    return value.some(truth);
  }
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  if (typeof value === 'number' && !Number.isFinite(value)) throw notQuick;
  return Boolean(value);
}

/** A text, a number, true or false as a text, as `stringHelper` writes it. @throws notQuick */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return JSON.stringify(value);
  throw notQuick;
}

/** Whether two single values are the same. @throws notQuick for lists and objects. */
export function same(a: unknown, b: unknown): boolean {
  if ([a, b].some((each) => typeof each === 'object' && each !== null)) throw notQuick;
  return a === b;
}
