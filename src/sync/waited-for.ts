import type { Context, Found } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';
import type { EntityTypeParts } from './parts.js';
import type { RetriedRows } from './rows.js';

/**
 * Those of the ids given whose record never failed, on which children wait that are to hold until
 * their parent comes by itself, and that has not come yet: nothing is brought, and their rows stay
 * as they are.
 */
export async function waitedFor(ids: string[], parts: EntityTypeParts, rows: RetriedRows, c: Context): Promise<Set<string>> {
  const { name } = parts.definition;
  const untried = ids.filter((id) => rows.find(name, id)?.version === '');
  const holding: string[] = [];
  for (const id of untried) {
    const waiting = await rows.waitingOn(name, id);
    // Past what a row lists they may be of any type that depends on it.
    const of = waiting === 'all' ? Object.keys(parts.children) : waiting.map(({ entityType }) => entityType);
    if (of.length > 0 && of.every((child) => holds(child, parts))) holding.push(id);
  }
  if (holding.length === 0) return new Set();
  const found = await parts.destination.find(
    holding.map((id) => ({ origin: { entityType: name, id } })),
    c,
  );
  return new Set(holding.filter((_id, index) => isAbsent(found[index])));
}

/** What nobody knows is tried, which tells. */
function isAbsent(found: Found[] | RecordError = []): boolean {
  return !('code' in found) && found.every(({ removed }) => removed === true);
}

function holds(entityType: string, { types }: EntityTypeParts): boolean {
  return types.some(({ definition }) => definition.name === entityType && definition.whenParentMissing === 'hold');
}
