/**
 * What an object has under a name from outside; undefined where the name is not its own, so that
 * `constructor` and `__proto__` are names like any other.
 */
export function getOwn<T extends object, K extends keyof T>(of: T | null | undefined, key: K): T[K] | undefined {
  return of !== null && of !== undefined && Object.hasOwn(of, key) ? of[key] : undefined;
}

/**
 * Sets what an object has under a name from outside, and gives it back. No name reaches a
 * prototype.
 */
export function setOwn<T extends object, K extends keyof T>(into: T, key: K, value: T[K]): T[K] {
  if (Object.hasOwn(into, key) || !(key in into)) into[key] = value;
  // An assignment would follow what is inherited: a setter, or what cannot be written once
  // prototypes are frozen.
  else Object.defineProperty(into, key, { value, writable: true, enumerable: true, configurable: true });
  return value;
}

/** Sets all of them, as `Object.assign` does, but none reaches a prototype. */
export function setAll<T extends object>(into: T, values: Partial<T>): void {
  for (const [key, value] of Object.entries(values)) setOwn(into, key as keyof T, value as T[keyof T]);
}
