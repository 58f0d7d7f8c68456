import type { RecordError } from '../../errors/record-error.js';
import type { Key, Origin, WriteOutcome, WriteRequest, WriteResource } from '../connector.js';
import { sameContent, surelySame } from './compare.js';
import { ADOPTED_TAG, ORIGIN_TAG, originCode, resourceId } from './identity.js';
import { codesOf, type Looked } from './look.js';
import { identifierOf, withKey } from './keys.js';
import { isMarked, marked } from './marks.js';
import { nameOf, refused, type Operation, type Planned } from './operations.js';
import { inOrder, replacePlaceholders } from './placeholders.js';
import { isAdopted, originOf, referenceTo, type StoredResource } from './resource.js';
import { shapeResource } from './shape.js';
import type { FhirDestinationSettings } from './settings.js';

export interface PlanContext {
  base: string;
  settings: FhirDestinationSettings;
  formerly: string[];
  looked: Looked;
  /** Keys that no record has in the destination yet, and the records of this same call that are about to bring them. */
  claimed: Map<string, Origin>;
}

/** What one request comes to, given what the server has. */
export function planWrite(request: WriteRequest, context: PlanContext): Planned {
  const planned = planOf(request, context);
  const wrong =
    'operations' in planned
      ? planned.operations.map((each) => whyNotAddressed(each) ?? whyNotMarked(each)).find((each) => each !== undefined)
      : undefined;
  return wrong ?? planned;
}

function planOf(request: WriteRequest, context: PlanContext): Planned {
  const existing = context.looked.of(codesOf(request.origin, context.formerly));
  if (request.action === 'mark')
    return existing.length === 0
      ? { outcome: { kind: 'absent' } }
      : change(
          existing.flatMap((each) => markOperation(each, context)),
          idsOf(existing),
        );
  if (request.action === 'remove')
    return existing.length === 0
      ? { outcome: { kind: 'absent' } }
      : { operations: removals(existing, context), done: { kind: 'removed', ids: idsOf(existing) } };
  return planUpsert(request, existing, context);
}

function planUpsert(request: WriteRequest, existing: StoredResource[], context: PlanContext): Planned {
  const targets = new Map<string, { id: string; adopted: boolean }>();
  for (const resource of request.resources) {
    const target = targetFor(request, resource, context);
    if ('outcome' in target) return target;
    targets.set(resource.name, target);
  }
  const references = new Map(request.resources.map(({ name, type }) => [name, `${type}/${targets.get(name)?.id ?? ''}`]));
  const operations: Operation[] = [];
  const kept = new Set<string>();
  let revived = false;
  for (const resource of inOrder(request.resources)) {
    const target = targets.get(resource.name);
    const body = replacePlaceholders(resource.body, references) as Record<string, unknown> | undefined;
    if (!body || !target)
      return refused(
        'ReferenceMissing',
        `The resource “${resource.name}” refers to one that this record does not have.`,
        'Let the expression leave the reference out where the other resource is undefined.',
      );
    const reference = `${resource.type}/${target.id}`;
    kept.add(reference);
    const stored = existing.find((each) => referenceTo(each) === reference) ?? keyedOne(resource, target.id, context);
    const plain = stored && !resource.key && !target.adopted && body['resourceType'] === resource.type && !context.settings.serverAdds;
    if (plain && surelySame(stored, body, originCode(request.origin), context.base)) continue;
    const sent = dressed(body, target, resource, request);
    if (!sent) return noRoom(resource);
    if (stored && sameContent(stored, sent, context.base, context.settings.serverAdds ?? [])) continue;
    operations.push({ method: 'PUT', type: resource.type, id: target.id, body: sent, ...versionOf(stored) });
    revived ||= resource.name === request.mayHaveWritten[0] && revives(stored, sent, context.settings);
  }
  const stale = existing.filter((each) => !kept.has(referenceTo(each)));
  operations.push(...removals(stale, context));
  const ids = Object.fromEntries([...targets].map(([name, { id }]) => [name, id]));
  if (existing.length === 0 && operations.length > 0) return { operations, done: { kind: 'created', ids } };
  return revived ? { operations, done: { kind: 'updated', ids, revived } } : change(operations, ids);
}

/** Whether a record's first resource, which tells whether it is there, comes to be there or to be valid again. */
function revives(stored: StoredResource | undefined, sent: StoredResource, { mark }: FhirDestinationSettings): boolean {
  return !stored || (isMarked(stored, mark) && !isMarked(sent, mark));
}

function change(operations: Operation[], ids: Record<string, string>): Planned {
  const kind: WriteOutcome['kind'] = operations.length > 0 ? 'updated' : 'unchanged';
  return operations.length > 0 ? { operations, done: { kind, ids } } : { outcome: { kind, ids } };
}

/** Where a resource goes: where its key already is, else to its derived id. */
function targetFor(
  request: WriteRequest,
  resource: WriteResource,
  context: PlanContext,
): { id: string; adopted: boolean } | { outcome: WriteOutcome } {
  const { origin } = request;
  const derived = { id: resourceId(origin.integration, origin.entityType, context.formerly, origin.id, resource.name), adopted: false };
  const { key, type } = resource;
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
  const owner = originOf(first);
  if (owner !== undefined && !codesOf(request.origin, context.formerly).includes(owner))
    return refused(
      'KeyCollision',
      `${nameOf(request)} has the business key of ${referenceTo(first)}, which was written for another record.`,
      'Correct the key in the one of the two records where it is wrong.',
    );
  if (owner === undefined && !request.adopt)
    return refused(
      'NotAdopted',
      `${referenceTo(first)} has the business key of ${nameOf(request)} and was not written by Sangam.`,
      'Set adopt: true for this entity type to take such resources over, or correct the key.',
    );
  const taken = owner === undefined ? claim(request, { type, key }, context) : undefined;
  return taken ?? { id: first.id, adopted: owner === undefined || isAdopted(first) };
}

/** Two records of one call that both bring a key: the first has it, as it would were they written one after the other. */
function claim(
  request: WriteRequest,
  { type, key }: { type: string; key: Key },
  { claimed, formerly }: PlanContext,
): { outcome: WriteOutcome } | undefined {
  const name = JSON.stringify([type, key.system, key.value]);
  const other = claimed.get(name);
  if (!other) claimed.set(name, request.origin);
  if (!other || codesOf(request.origin, formerly).includes(originCode(other))) return undefined;
  return refused(
    'KeyCollision',
    `${nameOf(request)} has the business key of ${other.entityType} ${other.id}, which brings it too.`,
    'Correct the key in the one of the two records where it is wrong.',
  );
}

function keyedOne({ type, key }: WriteResource, id: string, { looked }: PlanContext): StoredResource | undefined {
  return key && looked.withKey(type, key.system, key.value).find((each) => each.id === id);
}

/** The body with its id, its tags and its key. */
function dressed(
  body: Record<string, unknown>,
  { id, adopted }: { id: string; adopted: boolean },
  { key, type }: WriteResource,
  request: WriteRequest,
): StoredResource | undefined {
  const tag = [{ system: ORIGIN_TAG, code: originCode(request.origin) }, ...(adopted ? [{ system: ADOPTED_TAG, code: 'true' }] : [])];
  const meta = { ...(body['meta'] as object | undefined), tag };
  const whole = { ...body, resourceType: type, id, meta };
  return key ? withKey(whole, key) : whole;
}

function noRoom({ name, type }: WriteResource): { outcome: WriteOutcome } {
  return refused(
    'InvalidResource',
    identifierOf(type) === 'none'
      ? `The resource “${name}” has a business key, but a ${type} of FHIR R4 has no identifier.`
      : `The resource “${name}” has a business key, but the mapping gives another identifier, and a ${type} of FHIR R4 has one.`,
    'Take the “key” from this resource, or let its expression leave the identifier out.',
  );
}

/** Those that refer to others first; one that was taken over is only marked. */
function removals(stored: StoredResource[], context: PlanContext): Operation[] {
  const text = new Map(stored.map((each) => [each, JSON.stringify(each)]));
  const refersTo = (a: StoredResource, b: StoredResource): boolean => (text.get(a) ?? '').includes(`"${referenceTo(b)}"`);
  const ordered = [...stored].sort((a, b) => (refersTo(a, b) ? -1 : refersTo(b, a) ? 1 : 0));
  return ordered.flatMap((each) =>
    isAdopted(each) ? markOperation(each, context) : [{ method: 'DELETE' as const, type: each.resourceType, id: each.id }],
  );
}

function markOperation(stored: StoredResource, { settings, base }: PlanContext): Operation[] {
  const body = marked(stored, settings.mark);
  if (sameContent(stored, body, base, [])) return [];
  return [{ method: 'PUT', type: stored.resourceType, id: stored.id, body, marks: stored, ...versionOf(stored) }];
}

/** Of FHIR’s form, and no step in a path. Ours are; a stored one comes from outside. */
const ID = /^(?!\.{1,2}$)[A-Za-z0-9\-.]{1,64}$/;

/** What a header can hold between quotes. */
const VERSION = /^[!#-~]{1,256}$/;

function whyNotAddressed({ type, id, version = '1' }: Operation): { outcome: WriteOutcome } | undefined {
  if (ID.test(id) && VERSION.test(version)) return undefined;
  return refused(
    'OddId',
    `The ${type} that stands for it in the destination has an id or a version that is not of FHIR’s form.`,
    'Give that resource an id of letters, digits, “-” and “.”, at most 64, or take it away from the destination.',
  );
}

/** A mark is put on what the server has: whether it leaves the whole valid shows here. What was not valid before, the server judges. */
function whyNotMarked({ type, id, body, marks }: Operation): { outcome: WriteOutcome } | undefined {
  const wrong = (given: unknown): RecordError | undefined => {
    const shaped = shapeResource(given, [type]);
    return shaped && 'error' in shaped ? shaped.error : undefined;
  };
  const error = marks && wrong(body);
  if (!error || wrong(marks)) return undefined;
  const { path, message } = error;
  return refused(
    'InvalidResource',
    `${type}/${id} cannot be marked. ${message.replace('The mapped resource', 'The marked resource')}`,
    'Give the type a mark that it can have (mark: of “to”), let it be removed or kept instead, or correct the resource in the destination.',
    path !== undefined ? { path } : {},
  );
}

function versionOf(stored: StoredResource | undefined): { version?: string } {
  const version = stored?.meta?.versionId;
  return version !== undefined ? { version } : {};
}

function idsOf(stored: StoredResource[]): Record<string, string> {
  return Object.fromEntries(stored.map((each) => [referenceTo(each), each.id]));
}
