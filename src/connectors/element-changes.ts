import { isNumber } from '../json/exact-number.js';
import { getOwn } from '../model/keyed.js';
import type { ElementChange } from './connector.js';

type Members = Record<string, unknown>;

/**
 * In what a value that would be sent differs from the one that is stored, element by element. What
 * `same` takes for the same is not looked into.
 */
export function elementChanges(
  stored: unknown,
  sent: unknown,
  same: (stored: unknown, sent: unknown) => boolean,
  path = '',
): ElementChange[] {
  if (stored === sent || same(stored, sent)) return [];
  if (Array.isArray(stored) && Array.isArray(sent)) {
    const length = Math.max(stored.length, sent.length);
    return Array.from({ length }, (_each, index) => index).flatMap((index) =>
      elementChanges(stored[index], sent[index], same, `${path}[${index}]`),
    );
  }
  if (isMembers(stored) && isMembers(sent)) {
    const names = [...new Set([...Object.keys(stored), ...Object.keys(sent)])];
    return names.flatMap((name) => elementChanges(getOwn(stored, name), getOwn(sent, name), same, path === '' ? name : `${path}.${name}`));
  }
  return [{ path, ...(stored === undefined ? {} : { from: stored }), ...(sent === undefined ? {} : { to: sent }) }];
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumber(value);
}
