import type { Key, WriteRequest, WriteResource } from '../connector.js';
import { letGo } from './adopt.js';
import { redigested } from './digest.js';
import { gaveOf } from './gave.js';
import { resourceId } from '../derived-id.js';
import { refused, type NeedsBefore, type Operation } from './operations.js';
import { versionOf } from './mark-or-remove.js';
import type { PlanContext } from './plan-context.js';
import { derivedIdOf, hasIdentifier, identifiersOf, isAdopted, referenceTo, type StoredResource, type Token } from './resource.js';

type Freed = { operations: Operation[] } | NeedsBefore | ReturnType<typeof refused>;

/**
 * Of what a record has in the destination, whatever is not its own any more since its key was
 * corrected: resources that were taken over are let go, resources of its own lose the key that was
 * wrong. It is done though the new key may not be free yet: so keys that records swap find their
 * way, in whatever order the records come.
 */
export function freeKeys(request: WriteRequest, existing: StoredResource[], context: PlanContext): Freed {
  const own = existing.flatMap((each) => {
    const bare = isAdopted(each) ? undefined : withoutOldKey(request, each, context);
    return bare ? [putOf(redigested(bare, context), each)] : [];
  });
  const gone = letGoAll(
    existing.filter((each) => hasMoved(request, each, context)),
    request,
    context,
  );
  return 'operations' in gone ? { operations: [...gone.operations, ...own] } : gone;
}

/**
 * Whether a resource that was taken over has no key of the record any more: the record has another
 * one for its type, or none, and so a resource of its own; or the definition gives keys no more.
 */
export function hasMoved({ resources }: WriteRequest, stored: StoredResource, { keyed }: PlanContext): boolean {
  if (!isAdopted(stored)) return false;
  const own = resources.filter(({ type, shared }) => type === stored.resourceType && !shared);
  const keys = own.flatMap(({ key }) => key ?? []);
  if (keys.length === 0) return own.some(({ name }) => keyed.length === 0 || keyed.includes(name));
  return !keys.some(({ system, value }) => hasIdentifier(stored, system, value));
}

/** Gives resources back that were taken over. */
export function letGoAll(resources: StoredResource[], { origin }: WriteRequest, context: PlanContext): Freed {
  const unknown = resources.filter((each) => isChanged(each) && !context.before.has(referenceTo(each)));
  if (unknown.length > 0) return { before: unknown };
  const operations: Operation[] = [];
  for (const stored of resources) {
    const operation = letGoOne(stored, context);
    if (!operation)
      return refused(
        'CannotLetGo',
        `${referenceTo(stored)} was taken over for ${origin.entityType} ${origin.id}, which has another key now, or none. The FHIR server has no history of it to put back what stood there.`,
        'Correct the resource in the destination, take the tags urn:sangam:origin, urn:sangam:adopted and urn:sangam:gave from it, then retry.',
      );
    operations.push(operation);
  }
  return { operations };
}

/**
 * Gives a resource back that was taken over; undefined where it is not known what it was before.
 */
export function letGoOne(stored: StoredResource, { base, before: known }: PlanContext): Operation | undefined {
  const before = known.get(referenceTo(stored));
  if (!before && isChanged(stored)) return undefined;
  const { body, takeAway } = letGo(stored, { base, before });
  const { resourceType: type, id } = stored;
  return { method: 'PUT', type, id, body, stored, takeAway, letsGo: true, ...versionOf(stored) };
}

/** Whether any element of it was given by Sangam. */
function isChanged(stored: StoredResource): boolean {
  return [...gaveOf(stored)].some((code) => !code.includes('='));
}

/** The resource of a request that a resource of its record’s own was written for. */
export function namedFor(
  { origin, resources }: WriteRequest,
  stored: StoredResource,
  { formerly }: PlanContext,
): WriteResource | undefined {
  const { integration, entityType } = origin;
  return resources.find(
    ({ type, name }) =>
      type === stored.resourceType && derivedIdOf(stored) === resourceId(integration, entityType, formerly, origin.id, name),
  );
}

/**
 * A resource of the record’s own without the key that it had before; undefined where it has none.
 */
export function withoutOldKey(request: WriteRequest, stored: StoredResource, context: PlanContext): StoredResource | undefined {
  const named = namedFor(request, stored, context);
  if (!named?.key) return undefined;
  const { key } = named;
  const { identifier: _identifier, ...rest } = stored;
  const given = (named.body as { identifier?: Token[] | Token }).identifier ?? [];
  const isOld = (each: Token): boolean =>
    isOfSystem(each, key) && each.value !== key.value && ![given].flat().some((own) => isOne(own, each));
  const kept = identifiersOf(stored).filter((each) => !isOld(each));
  if (kept.length === identifiersOf(stored).length) return undefined;
  return { ...rest, ...(kept.length > 0 ? { identifier: kept } : {}) } as StoredResource;
}

/** Writes what is stored with a change. */
export function putOf(body: StoredResource, stored: StoredResource): Operation {
  return { method: 'PUT', type: body.resourceType, id: body.id, body, stored, ...versionOf(stored) };
}

function isOfSystem({ system }: Token, key: Key): boolean {
  return system === key.system;
}

function isOne(a: Token, b: Token): boolean {
  return a.system === b.system && a.value === b.value;
}
