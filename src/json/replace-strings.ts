import { getOwn, setOwn } from '../model/keyed.js';

/**
 * Puts what `replace` gives in the place of each string that begins with `mark`, in the value
 * itself. By a list of what is left, since a value may be deeper than calls can go.
 */
export function replaceStrings(value: unknown, mark: string, replace: (rest: string) => unknown): unknown {
  const root = { value };
  const left: object[] = [root];
  const isMarked = (each: unknown): each is string => typeof each === 'string' && each.startsWith(mark);
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    let found = false;
    for (const each of Array.isArray(next) ? (next as unknown[]) : Object.values(next)) {
      if (typeof each === 'object' && each !== null) left.push(each);
      else if (!found) found = isMarked(each);
    }
    if (found) replaceIn(next as Record<string, unknown>);
  }
  return root.value;

  /** Names are looked at only here: most containers have nothing to replace. */
  function replaceIn(container: Record<string, unknown>): void {
    for (const key of Object.keys(container)) {
      const each = getOwn(container, key);
      if (isMarked(each)) setOwn(container, key, replace(each.slice(mark.length)));
    }
  }
}
