import { setOwn } from '../../model/keyed.js';

/**
 * A record keyed by names that come from outside: without a prototype, so that nothing is found
 * under a name that was not given.
 */
export function byName<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  const record = Object.create(null) as Record<string, T>;
  for (const [name, value] of entries) setOwn(record, name, value);
  return record;
}
