import type { Key, Origin, WriteOutcome, WriteRequest, WriteResource } from '../connector.js';
import { resourceId } from '../derived-id.js';
import { isOfGone, type Gone } from './give-up.js';
import { ID_TAG, originCode, originOfCode } from './identity.js';
import { codesOf } from './look.js';
import { isMarked } from './marks.js';
import { nameOf, refused } from './operations.js';
import type { PlanContext } from './plan-context.js';
import { derivedIdOf, isAdopted, originsOf, referenceTo, type StoredResource } from './resource.js';

/** Where a resource goes. */
export interface Target {
  id: string;
  /** Whether it was not written by Sangam at first. */
  adopted: boolean;
  /** Whether it is taken over now. */
  adopts?: true;
  /** The search that finds it once it is created; its server chooses its id. */
  create?: string;
}

/**
 * Why it goes nowhere. `holder`: the origin that has its key; `gone`: its resource, where that
 * record is gone.
 */
export interface NoTarget {
  outcome: WriteOutcome;
  holder?: string;
  gone?: Gone;
}

/**
 * Where a resource goes: where its key already is, else to its derived id. `existing`: what its
 * record has.
 */
export function targetFor(
  request: WriteRequest,
  resource: WriteResource,
  existing: readonly StoredResource[],
  context: PlanContext,
): Target | NoTarget {
  const { origin } = request;
  const { key, type } = resource;
  const id = resourceId(origin.integration, origin.entityType, context.formerly, origin.id, resource.name);
  const derived = context.ids === 'server' ? chosenByServer(id, resource, existing) : { id, adopted: false };
  if (!key) return derived;
  const found = context.looked.withKey(type, key.system, key.value);
  const [first, second] = found;
  if (!first) return claim(request, { type, key }, context) ?? derived;
  if (second)
    return refused(
      'KeyAmbiguous',
      `The business key of “${resource.name}” is on ${found.map(referenceTo).join(' and ')}.`,
      'Merge or remove the wrong one in the destination.',
    );
  const owners = originsOf(first);
  const [holder] = owners;
  if (holder === undefined) return adopting(request, resource, { key, first }, context);
  const ours = codesOf(origin, context.formerly);
  if (owners.some((code) => ours.includes(code))) return { id: first.id, adopted: isAdopted(first) };
  const held = `${holderName(holder, origin)} (${referenceTo(first)})`;
  const gone = isOfGone(first, request, context);
  const taken = gone ? claim(request, { type, key }, context) : undefined;
  if (taken) return taken;
  const isOver = gone || (isAdopted(first) && isMarked(first, context.settings.mark));
  const outcome = isOver ? heldByMarked(request, held) : collision(request, held);
  return { ...outcome, holder, ...(gone ? { gone: { stored: first, key } } : {}) };
}

/** Where it is by its tag; else it is created, unless somebody did so meanwhile. */
function chosenByServer(id: string, { type, key }: WriteResource, existing: readonly StoredResource[]): Target {
  const known = existing.find((each) => each.resourceType === type && !isAdopted(each) && derivedIdOf(each) === id);
  if (known) return { id: known.id, adopted: false };
  return { id, adopted: false, create: key ? searchBy(key) : searchFor('_tag', `${ID_TAG}|${id}`) };
}

/** The search that finds what has a key. */
export function searchBy({ system, value }: Key): string {
  return searchFor('identifier', system === undefined ? value : `${system}|${value}`);
}

function searchFor(parameter: string, token: string): string {
  return `${parameter}=${encodeURIComponent(token.replace(/[\\,$]/g, '\\$&'))}`;
}

/** The resource is nobody's of Sangam: it may be taken over, once. */
function adopting(
  request: WriteRequest,
  { type }: WriteResource,
  { key, first }: { key: Key; first: StoredResource },
  context: PlanContext,
): Target | NoTarget {
  if (!request.adopt)
    return refused(
      'NotAdopted',
      `${referenceTo(first)} has the business key of ${nameOf(request)} and was not written by Sangam.`,
      'Set adopt: true for this entity type to take such resources over, or correct the key.',
    );
  return claim(request, { type, key }, context) ?? { id: first.id, adopted: true, adopts: true };
}

/**
 * Two records of one call that both bring a key: the first has it, as it would were they written
 * one after the other.
 */
function claim(request: WriteRequest, { type, key }: { type: string; key: Key }, { claimed, formerly }: PlanContext): NoTarget | undefined {
  const name = JSON.stringify([type, key.system, key.value]);
  const other = claimed.get(name);
  if (!other) claimed.set(name, request.origin);
  if (!other || codesOf(request.origin, formerly).includes(originCode(other))) return undefined;
  return collision(request, `${other.entityType} ${other.id}, which brings it too`);
}

function collision(request: WriteRequest, holder: string): { outcome: WriteOutcome } {
  return refused(
    'KeyCollision',
    `${nameOf(request)} has the business key of ${holder}.`,
    'Correct the key in the one of the two records where it is wrong.',
  );
}

/** The record that has it may be gone, or mapped so: which of the two, a person knows. */
function heldByMarked(request: WriteRequest, holder: string): { outcome: WriteOutcome } {
  return refused(
    'KeyCollision',
    `${nameOf(request)} has the business key of ${holder}, which is marked as no longer valid.`,
    'Where that other record is gone for good, correct its resource in the destination, take the tags urn:sangam:origin, urn:sangam:adopted and urn:sangam:gave from it, then retry. Else correct the key in the one of the two records where it is wrong.',
  );
}

/** The record that a tag names, by type and id; of another process or integration also that. */
function holderName(code: string, { integration, process }: Origin): string {
  const other = originOfCode(code);
  if (!other) return 'another record';
  const name = `${other.entityType} ${other.id}`;
  return other.integration === integration && other.process === process ? name : `${name} of ${other.integration}/${other.process}`;
}
