/** Characters that weigh as much as one value. */
const CHARACTERS = 16;

const known = new WeakMap<object, number>();
const behind = new WeakMap<object, object>();

/** Tells of a proxy what it stands before: to look through the proxy would count as reading it. */
export function standsBefore<T extends object>(proxy: T, target: object): T {
  behind.set(proxy, target);
  return proxy;
}

/** How much a value holds, written out as a tree; worked out once for each object, so that sharing costs nothing to weigh. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return 1 + Math.floor(value.length / CHARACTERS);
  if (typeof value !== 'object' || value === null) return 1;
  const target = behind.get(value);
  if (target) return weightOf(target);
  const weighed = known.get(value);
  // A list may have grown since.
  if (weighed !== undefined && (!Array.isArray(value) || value.length <= weighed)) return weighed;
  known.set(value, 1);
  const weight = '_jsonata_lambda' in value || '_jsonata_function' in value ? 1 : 1 + weightWithin(value);
  known.set(value, weight);
  return weight;
}

function weightWithin(value: object): number {
  let weight = 0;
  if (Array.isArray(value)) for (const each of value as unknown[]) weight += weightOf(each);
  else for (const [key, each] of Object.entries(value)) weight += Math.floor(key.length / CHARACTERS) + weightOf(each);
  return weight;
}
