import type { Context, SourceRecord } from '../connectors/connector.js';
import type { Carrying } from './carry.js';
import type { CarriedOnce } from './carry-once.js';
import { decide } from './decide.js';
import type { Memory } from './memory.js';
import { distinct, namedParents } from './named-parents.js';
import { firstName } from './parents.js';
import type { EntityTypeParts } from './parts.js';
import { getOwn } from '../model/keyed.js';

/**
 * Whether the other process of this integration may be at work on parents, or on the family, of these records: the error process has rows in hand, with their parents and
 * children, and the regular one may have anything. It looks at the parents of a record whose try was lost: so a parent may go for the sake of any that depends on it.
 */
export function mayMeet(parts: EntityTypeParts, on: 'parents' | 'family', { rows, retrying }: Carrying): boolean {
  if (Object.keys(on === 'parents' ? parts.parents : parts.children).length === 0) return false;
  return retrying === true || rows.hasHad(kin(parts));
}

/** The type itself, those it depends on, however far above, and all that depend on any of these. */
function kin(parts: EntityTypeParts): Set<string> {
  const found = new Set<string>();
  for (const root of [parts, ...above(parts)]) addWithChildren(root, found);
  return found;
}

function above(parts: EntityTypeParts): EntityTypeParts[] {
  return Object.values(parts.parents).flatMap((parent) => [parent, ...above(parent)]);
}

function addWithChildren(parts: EntityTypeParts, found: Set<string>): void {
  if (found.has(parts.definition.name)) return;
  found.add(parts.definition.name);
  for (const child of Object.values(parts.children)) addWithChildren(child, found);
}

/**
 * Records that were just written though a parent has gone meanwhile, and those that were just taken away for want of one that is valid by now. What is remembered of such
 * parents is forgotten.
 */
export async function unsettled(
  records: SourceRecord[],
  { outcomes, forParents }: Pick<CarriedOnce, 'outcomes' | 'forParents'>,
  parts: EntityTypeParts,
  { memory }: Carrying,
  c: Context,
): Promise<SourceRecord[]> {
  const written = records.filter((_record, index) => ['created', 'updated', 'unchanged'].includes(outcomes[index]?.fate ?? ''));
  const again = new Set<SourceRecord>();
  for (const record of await withParentGone(written, parts, memory, c)) again.add(record);
  for (const record of await withParentsBack(forParents, parts, c)) again.add(record);
  return records.filter((record) => again.has(record));
}

async function withParentGone(records: SourceRecord[], parts: EntityTypeParts, memory: Memory, c: Context): Promise<SourceRecord[]> {
  const named = await namedParents(records, parts, c.signal);
  const found: SourceRecord[] = [];
  for (const [entityType, parent] of Object.entries(parts.parents)) {
    const ids = distinct(named.values(), entityType);
    if (ids.length === 0) continue;
    const name = firstName(parent);
    const answers = await parts.destination.find(
      ids.map((id) => ({ origin: { entityType, id }, name })),
      c,
    );
    const gone = new Set(
      ids.filter((id, index) => {
        const there = (answers[index] ?? []).filter(({ replacedBy }) => replacedBy === undefined);
        // One that looked as if it were no longer valid already was taken as it is.
        const wasMarked = memory.get(entityType, id, name)?.removed === true;
        return !there.some(({ removed }) => removed !== true || wasMarked);
      }),
    );
    for (const id of gone) memory.forget(entityType, id);
    for (const [record, parents] of named) if (gone.has(getOwn(parents, entityType) ?? '')) found.push(record);
  }
  return found;
}

async function withParentsBack(records: SourceRecord[], parts: EntityTypeParts, c: Context): Promise<SourceRecord[]> {
  const named = await namedParents(records, parts, c.signal);
  const lacking = new Set<SourceRecord>();
  for (const [entityType, parent] of Object.entries(parts.parents)) {
    const ids = distinct(named.values(), entityType);
    if (ids.length === 0) continue;
    const now = await parent.source.fetch(ids, c);
    for (const [record, parents] of named) {
      const id = getOwn(parents, entityType);
      if (id === undefined) continue;
      const fresh = now.get(id);
      const isValid = fresh !== undefined && !('error' in fresh) && 'upsert' in (await decide(fresh, parent, c.signal));
      if (!isValid) lacking.add(record);
    }
  }
  return records.filter((record) => !lacking.has(record));
}
