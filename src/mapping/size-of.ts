import { getOwn } from '../model/keyed.js';

/** Characters of a text that count as one value. */
const CHARACTERS = 16;
/** Lists and objects within one another. */
const MAX_DEPTH = 50;

/**
 * Values of a record, sixteen characters of its texts and names as one; Infinity for more than
 * `most`, or where it is deeply nested.
 */
export function sizeOf(value: unknown, most: number): number {
  const size = added(0, value, most, 0);
  return size > most ? Number.POSITIVE_INFINITY : size;
}

function added(size: number, value: unknown, most: number, depth: number): number {
  if (typeof value === 'string') return size + 1 + value.length / CHARACTERS;
  if (typeof value !== 'object' || value === null) return size + 1;
  if (depth > MAX_DEPTH) return Number.POSITIVE_INFINITY;
  let sum = size + 1;
  // Without a list of members: it is asked of every record.
  for (const name in value) {
    if (sum > most) return sum;
    sum = added(sum + name.length / CHARACTERS, getOwn(value as Record<string, unknown>, name), most, depth + 1);
  }
  return sum;
}
