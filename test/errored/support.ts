import type { ClassifiedError } from '../../src/model/classified-error.js';

export const classified: ClassifiedError = {
  errorType: 'CodeMissing',
  then: 'retry',
  code: 'CodeMissing',
  message: 'The code table has no such value.',
  remedy: 'Add the value.',
};

/** Every order of these, one after the other. */
export function* permutations<T>(items: T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries())
    for (const rest of permutations([...items.slice(0, index), ...items.slice(index + 1)])) yield [item, ...rest];
}

/** One order of these, the same for the same seed. */
export function shuffled<T>(items: T[], seed: number): T[] {
  let state = seed;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
