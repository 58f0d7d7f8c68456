import type { Context, Destination, Found } from '../connectors/connector.js';
import type { Memory } from './memory.js';
import type { ParentFate } from './parents.js';
import type { EntityTypeParts } from './parts.js';

export interface Wanted {
  entityType: string;
  parent: EntityTypeParts;
  /** Resource names, the one that tells whether the parent is there first. */
  names: string[];
  ids: string[];
}

/** Looks parents up in one go and remembers those found. @returns ids of those that are not there; two found for one is the record's error, in `fates`. */
export async function findParents(
  { entityType, names, ids }: Wanted,
  destination: Destination,
  memory: Memory,
  fates: Map<string, ParentFate>,
  c: Context,
): Promise<string[]> {
  const [first = 'main'] = names;
  const unknown = ids.filter((id) => !memory.get(entityType, id, first));
  if (unknown.length === 0) return [];
  const asked = unknown.flatMap((id) => names.map((name) => ({ id, name })));
  const answers = await destination.find(
    asked.map(({ id, name }) => ({ origin: { entityType, id }, name })),
    c,
  );
  asked.forEach(({ id, name }, index) => {
    const there = (answers[index] ?? []).filter((found) => !found.removed && found.replacedBy === undefined);
    const [found] = there;
    if (there.length > 1) fates.set(`${entityType}\0${id}`, ambiguous(entityType, there));
    else if (found) memory.set(entityType, id, name, { type: found.type, id: found.id });
  });
  return unknown.filter((id) => !memory.get(entityType, id, first) && !fates.has(`${entityType}\0${id}`));
}

function ambiguous(entityType: string, found: Found[]): ParentFate {
  return {
    kind: 'failed',
    error: {
      code: 'ParentAmbiguous',
      message: `Its ${entityType} is in the destination more than once: ${found.map((each) => `${each.type}/${each.id}`).join(' and ')}.`,
      remedy: 'Merge or remove the wrong one in the destination.',
    },
  };
}
