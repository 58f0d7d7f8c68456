interface Directed {
  name: string;
  dependsOn: Record<string, string>;
  from: { system: string };
  to: { system: string };
}

/** All of one direction, the first one's, then of the next; in each parents before children, else as in the file. Free of cycles, as checked. */
export function inOrder<T extends Directed>(entityTypes: readonly T[]): T[] {
  const directions = [...new Set(entityTypes.map(directionOf))];
  return directions.flatMap((direction) => parentsFirst(entityTypes.filter((each) => directionOf(each) === direction)));
}

const directionOf = ({ from, to }: Directed): string => `${from.system} → ${to.system}`;

function parentsFirst<T extends Directed>(entityTypes: readonly T[]): T[] {
  const placed: T[] = [];
  const place = (entityType: T): void => {
    if (placed.includes(entityType)) return;
    for (const parent of entityTypes) if (Object.hasOwn(entityType.dependsOn, parent.name)) place(parent);
    placed.push(entityType);
  };
  entityTypes.forEach(place);
  return placed;
}
