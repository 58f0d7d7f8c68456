import { bytesOf } from './clean.js';
import { setOwn } from './keyed.js';

/**
 * Of named values, the first that together take no more than `most` bytes as JSON, in their order:
 * what is known of the earlier ones goes on. One that does not fit is left out, whatever its size,
 * and those after it that fit stay.
 */
export function withinBytes<T>(values: Record<string, T>, most: number): Record<string, T> {
  // Most are small: they are measured as a whole.
  if (bytesOf(values) <= most) return values;
  const kept: Record<string, T> = {};
  let left = most - 2;
  for (const [name, value] of Object.entries(values)) {
    // With a colon and a comma.
    const bytes = bytesOf(name) + bytesOf(value) + 2;
    if (bytes > left) continue;
    left -= bytes;
    setOwn(kept, name, value);
  }
  return kept;
}
