import type { Context, Found } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import type { Batch } from './batch.js';
import { firstName, type EntityTypeParts } from './parts.js';

/**
 * Whether a parent that is marked as no longer valid counts as there: its source may have nothing
 * against it.
 */
type Marked = 'missing' | 'there';

/**
 * Looks parents of one type up in one go, where their children are written, and remembers those
 * that are there. The batch learns of one that is there more than once, or on which the destination
 * fails: it is the error of whoever depends on it.
 *
 * @returns ids of those that are not there.
 */
export async function findParents(
  ids: string[],
  parent: EntityTypeParts,
  child: EntityTypeParts,
  marked: Marked,
  batch: Batch,
  c: Context,
): Promise<string[]> {
  const { memory } = batch.around;
  const { name: entityType } = parent.definition;
  const [first = 'main', ...others] = namesOf(parent, child);
  const unknown = ids.filter((id) => [first, ...others].some((name) => !memory.get(entityType, id, name)));
  if (unknown.length === 0) return [];
  const asked = unknown.flatMap((id) => [first, ...others].map((name) => ({ id, name })));
  const answers = await child.destination.find(
    asked.map(({ id, name }) => ({ origin: { entityType, id }, name })),
    c,
  );
  const missing = new Set<string>();
  asked.forEach(({ id, name }, index) => {
    const answer = answers[index] ?? [];
    if ('code' in answer) {
      batch.setAbsence({ entityType, id }, { kind: 'failed', error: answer });
      memory.forget(entityType, id);
      return;
    }
    const all = answer.filter(({ removed }) => removed !== true || marked === 'there' || name !== first);
    const [found, another] = all;
    if (another) batch.setAbsence({ entityType, id }, { kind: 'failed', error: ambiguous(entityType, all) });
    else if (found && !missing.has(id)) memory.set(entityType, id, name, { type: found.type, id: found.id });
    else if (name === first) {
      missing.add(id);
      memory.forget(entityType, id);
    }
  });
  return [...missing];
}

/**
 * The resources of a parent that the expressions ask for; its first always, since that tells
 * whether it is there.
 */
function namesOf(parent: EntityTypeParts, { mapping }: EntityTypeParts): string[] {
  const { name: entityType } = parent.definition;
  const asked = mapping.parentRefs.flatMap((ref) => (ref.entityType === entityType && ref.name !== undefined ? [ref.name] : []));
  return [...new Set([firstName(parent), ...asked])];
}

/** The error of a record whose parent, as the definition calls it, is there more than once. */
export function ambiguous(name: string, found: Found[]): RecordError {
  return {
    code: 'ParentAmbiguous',
    message: `Its ${name} is in the destination more than once: ${found.map((each) => `${each.type}/${each.id}`).join(' and ')}.`,
    remedy: 'Merge or remove the wrong one in the destination.',
  };
}
