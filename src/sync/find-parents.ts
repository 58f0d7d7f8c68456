import type { Context, Destination, Found } from '../connectors/connector.js';
import type { Attempt } from './attempt.js';
import type { Memory } from './memory.js';
import type { EntityTypeParts } from './parts.js';
import type { RecordError } from '../errors/record-error.js';

export interface Wanted {
  entityType: string;
  parent: EntityTypeParts;
  /** Resource names, the one that tells whether the parent is there first. */
  names: string[];
  ids: string[];
}

/** Whether a parent that is marked as no longer valid counts as there: it may have become valid again in its source since. */
type Marked = 'missing' | 'there';

/** Looks parents up in one go and remembers those found. @returns ids of those that are not there; two found for one is the record's error, in the attempt's fates. */
export async function findParents(
  { entityType, names, ids }: Wanted,
  marked: Marked,
  destination: Destination,
  memory: Memory,
  attempt: Attempt,
  c: Context,
): Promise<string[]> {
  const [first = 'main'] = names;
  const unknown = ids.filter((id) => names.some((name) => !memory.get(entityType, id, name)));
  if (unknown.length === 0) return [];
  const asked = unknown.flatMap((id) => names.map((name) => ({ id, name })));
  const answers = await destination.find(
    asked.map(({ id, name }) => ({ origin: { entityType, id }, name })),
    c,
  );
  const notThere = new Set<string>();
  asked.forEach(({ id, name }, index) => {
    const isThere = (each: Found): boolean =>
      each.replacedBy === undefined && (each.removed !== true || marked === 'there' || name !== first);
    const there = (answers[index] ?? []).filter(isThere);
    const [found] = there;
    if (there.length > 1) attempt.setFate(entityType, id, { kind: 'failed', error: ambiguous(entityType, there) });
    else if (found && !notThere.has(id))
      memory.set(entityType, id, name, { type: found.type, id: found.id, ...(found.removed ? { removed: true } : {}) });
    else if (name === first) {
      notThere.add(id);
      memory.forget(entityType, id);
    }
  });
  return [...notThere];
}

function ambiguous(entityType: string, found: Found[]): RecordError {
  return {
    code: 'ParentAmbiguous',
    message: `Its ${entityType} is in the destination more than once: ${found.map((each) => `${each.type}/${each.id}`).join(' and ')}.`,
    remedy: 'Merge or remove the wrong one in the destination.',
  };
}
