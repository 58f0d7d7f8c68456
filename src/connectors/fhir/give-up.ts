import type { Key, Origin, WriteRequest } from '../connector.js';
import { redigested } from './digest.js';
import { letGoOne, putOf } from './free-keys.js';
import { gaveOf, MARKED_AS_GONE } from './gave.js';
import { originOfCode } from './identity.js';
import { isMarked } from './marks.js';
import type { NeedsBefore, Operation } from './operations.js';
import type { PlanContext } from './plan-context.js';
import { identifiersOf, isAdopted, originsOf, referenceTo, type StoredResource } from './resource.js';

/** A resource of a record that is gone, with a key that another record brings. */
export interface Gone {
  stored: StoredResource;
  key: Key;
}

/**
 * Whether a resource with the key of a request is one of another record of the same process that is
 * gone, so that the request may have the key.
 */
export function isOfGone(stored: StoredResource, { origin, adopt }: WriteRequest, { settings }: PlanContext): boolean {
  if (!gaveOf(stored).has(MARKED_AS_GONE) || !isMarked(stored, settings.mark)) return false;
  // What was taken over is given back to be taken over again.
  return (adopt || !isAdopted(stored)) && originsOf(stored).every((code) => isNear(originOfCode(code), origin));
}

function isNear(other: Origin | undefined, { integration, process }: Origin): boolean {
  return other?.integration === integration && other.process === process;
}

/**
 * Takes the key from what a record has that is gone: a resource that it had taken over is let go,
 * one of its own loses the key. Nothing where the server does not tell what it was before.
 */
export function giveUp({ stored, key }: Gone, context: PlanContext): Operation[] | NeedsBefore {
  if (isAdopted(stored)) {
    const reference = referenceTo(stored);
    if (!context.before.has(reference)) return { before: [stored] };
    const operation = letGoOne(stored, context);
    return operation ? [operation] : [];
  }
  const { identifier: _identifier, ...rest } = stored;
  const kept = identifiersOf(stored).filter((each) => each.value !== key.value || (key.system !== undefined && each.system !== key.system));
  const bare = { ...rest, ...(kept.length > 0 ? { identifier: kept } : {}) } as StoredResource;
  return [putOf(redigested(bare, context), stored)];
}
