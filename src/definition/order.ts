import type { EntityTypeDefinition } from './definition.js';
import { dependenciesOf } from './parents.js';

type Directed = Pick<EntityTypeDefinition, 'name' | 'dependsOn' | 'parents'> & {
  from: { system: string };
  to: { system: string };
};

/**
 * All of one direction, then of the next: that of the first type in the file begins, unless one of
 * its types depends on what goes another way. In each direction parents come before children, else
 * as in the file. A direction is left only where what depends on it and what it depends on are in
 * another one both; then it is gone on with later. Free of circles, as checked.
 */
export function inOrder<T extends Directed>(entityTypes: readonly T[]): T[] {
  const placed = new Set<T>();
  while (placed.size < entityTypes.length) {
    const left = entityTypes.filter((each) => !placed.has(each));
    const waitedFor = new Set(left.map(({ name }) => name));
    const directions = [...new Set(left.map(directionOf))].map((direction) => left.filter((each) => directionOf(each) === direction));
    const ready = directions.map((types) => readyOf(types, waitedFor));
    const whole = ready.find((types, index) => types.length === directions[index]?.length);
    const next = whole ?? ready.find((types) => types.length > 0) ?? left;
    for (const each of next) placed.add(each);
  }
  return [...placed];
}

/** The direction in which an entity type goes, as it is shown: `field → emr`. */
function directionOf({ from, to }: Pick<Directed, 'from' | 'to'>): string {
  return `${from.system} → ${to.system}`;
}

/** Those of one direction that need not wait for another one, parents first. */
function readyOf<T extends Directed>(types: T[], waitedFor: ReadonlySet<string>): T[] {
  const ready: T[] = [];
  const waiting = new Set(waitedFor);
  for (let left = types; ;) {
    const next = left.find((each) => dependenciesOf(each).every((name) => !waiting.has(name)));
    if (!next) return ready;
    ready.push(next);
    waiting.delete(next.name);
    left = left.filter((each) => each !== next);
  }
}
