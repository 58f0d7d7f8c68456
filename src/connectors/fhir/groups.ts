import { targetOf, type Operation } from './operations.js';

interface Grouped {
  operations: Operation[];
}

/** Whole records up to so many operations; one that is larger goes alone. */
export function pack<T extends Grouped>(works: T[], size: number): T[][] {
  const groups: T[][] = [];
  let count = Number.POSITIVE_INFINITY;
  for (const work of works) {
    if (count + work.operations.length > size) {
      groups.push([]);
      count = 0;
    }
    groups.at(-1)?.push(work);
    count += work.operations.length;
  }
  return groups;
}

/** The same target twice goes into separate waves, in order. */
export function waves<T extends Grouped>(works: T[]): T[][] {
  const list: T[][] = [];
  const wave = new Map<string, number>();
  for (const work of works) {
    const targets = work.operations.map(targetOf);
    const index = Math.max(0, ...targets.map((target) => (wave.get(target) ?? -1) + 1));
    (list[index] ??= []).push(work);
    for (const target of targets) wave.set(target, index);
  }
  return list;
}
