import { parseInstant } from '../../model/instant.js';
import type { Edit, WriteOutcome, WriteRequest, WriteResource } from '../connector.js';
import { editedElsewhere } from '../edited-elsewhere.js';
import { givesLess, ontoStored, ownWhole, withServerAdded, type Dressed } from './adopt.js';
import { sameContent, surelySame } from './compare.js';
import { isEdited, redigested, withDigest } from './digest.js';
import { freeKeys, hasMoved, letGoAll, namedFor, putOf, withoutOldKey } from './free-keys.js';
import { isEmptyMeta, listOf } from './gave.js';
import { giveUp } from './give-up.js';
import { resourceId } from '../derived-id.js';
import { ID_TAG, originCode } from './identity.js';
import { codesOf } from './look.js';
import { identifierOf, withKey } from './keys.js';
import { isMarked, marksOf } from './marks.js';
import { markAsGone, markOperation, removals, versionOf, whyNotMarked } from './mark-or-remove.js';
import { refused, type NeedsBefore, type Operation, type Planned } from './operations.js';
import { inOrder, replacePlaceholders } from './placeholders.js';
import type { PlanContext } from './plan-context.js';
import { derivedIdOf, isAdopted, referenceTo, type StoredResource } from './resource.js';
import type { FhirDestinationSettings } from './settings.js';
import { targetFor, type NoTarget, type Target } from './targets.js';

/**
 * What one request comes to, given what the server has; or what has to be known first, in
 * `context.before`.
 */
export function planWrite(request: WriteRequest, context: PlanContext): Planned | NeedsBefore {
  const planned = planOf(request, context);
  const wrong =
    'operations' in planned
      ? planned.operations
          .map((each) => whyNotAddressed(each) ?? whyNotContained(each) ?? whyNotMarked(each))
          .find((each) => each !== undefined)
      : undefined;
  return wrong ?? planned;
}

function planOf(request: WriteRequest, context: PlanContext): Planned | NeedsBefore {
  const existing = context.looked.of(codesOf(request.origin, context.formerly));
  if (request.action === 'mark')
    return existing.length === 0
      ? { outcome: { kind: 'absent' } }
      : change(
          existing.flatMap((each) => markAsGone(each, context)),
          idsOf(existing),
        );
  if (request.action === 'remove')
    return existing.length === 0
      ? { outcome: { kind: 'absent' } }
      : { operations: removals(existing, context), done: { kind: 'removed', ids: idsOf(existing) } };
  return planUpsert(request, existing, context);
}

function planUpsert(request: WriteRequest, existing: StoredResource[], context: PlanContext): Planned | NeedsBefore {
  const targets = new Map<string, Target>();
  const shared = context.shared.get(request) ?? new Map<string, string>();
  if (!(shared instanceof Map)) return { outcome: shared };
  for (const resource of request.resources) {
    if (resource.shared) {
      targets.set(resource.name, { id: shared.get(resource.name) ?? '', adopted: false });
      continue;
    }
    const target = targetFor(request, resource, existing, context);
    if ('outcome' in target) return withoutTarget(target, request, existing, context);
    targets.set(resource.name, target);
  }
  const references = new Map(request.resources.map(({ name, type }) => [name, referenceFor(type, targets.get(name))]));
  const operations: Operation[] = [];
  const kept = new Set<string>();
  let revived = false;
  let edited: Edit | undefined;
  for (const resource of inOrder(request.resources.filter((each) => !each.shared))) {
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
    const own = existing.find((each) => referenceTo(each) === reference);
    const stored = own ?? keyedOne(resource, target.id, context);
    const plain =
      stored &&
      !isNoticed(request) &&
      !resource.key &&
      !target.adopted &&
      body['resourceType'] === resource.type &&
      !context.settings.serverAdds;
    if (plain && surelySame(stored, body, originCode(request.origin), context.base)) continue;
    const dressed = dress({ ...body, resourceType: resource.type, id: target.id }, { target, resource, request, stored }, context);
    if (!dressed) return noRoom(resource);
    if ('before' in dressed) return dressed;
    if (stored && isSame(stored, dressed, context)) continue;
    if (stored && isNoticed(request) && isEdited(stored, dressed.body, context)) {
      edited = editOf(stored);
      if (request.whenEdited === 'hold') return { outcome: { kind: 'refused', error: editedElsewhere(reference, edited) } };
    }
    const { body: sent, takeAway } = dressed;
    const create = target.create === undefined ? {} : { create: target.create };
    const known = stored ? { stored, ...versionOf(stored) } : {};
    operations.push({ method: 'PUT', type: resource.type, id: target.id, body: sent, takeAway, ...create, ...known });
    revived ||= resource.name === context.firstName && (!own || revives(own, sent, context.settings));
  }
  const stale = existing.filter((each) => !kept.has(referenceTo(each)));
  const freed = letGoAll(
    stale.filter((each) => hasMoved(request, each, context)),
    request,
    context,
  );
  if (!('operations' in freed)) return freed;
  const left = stale.filter((each) => !hasMoved(request, each, context));
  const doubles = left.filter((each) => existing.some((other) => kept.has(referenceTo(other)) && isDouble(each, other)));
  const others = left.filter((each) => !doubles.includes(each));
  operations.push(...freed.operations, ...removals(doubles, context), ...leaveBehind(request, others, context));
  const ids = Object.fromEntries([...targets].map(([name, { id }]) => [name, id]));
  if ([...targets.values()].some(({ adopts }) => adopts))
    return { operations, done: { kind: 'updated', ids, adopted: true, revived: true } };
  if (existing.length === 0 && operations.length > 0) return { operations, done: { kind: 'created', ids } };
  const told = { ...(revived ? { revived } : {}), ...(edited ? { edited } : {}) };
  return revived || edited ? { operations, done: { kind: 'updated', ids, ...told } } : change(operations, ids);
}

/**
 * What a record has no more is removed. A resource of its own whose place one has taken that was
 * taken over is marked, and has no key any more: its children still refer to it, and follow only
 * once their parent has moved.
 */
function leaveBehind(request: WriteRequest, stale: StoredResource[], context: PlanContext): Operation[] {
  const moved = stale.filter((each) => !isAdopted(each) && namedFor(request, each, context) !== undefined);
  const marks = moved.flatMap((each) => {
    const bare = withoutOldKey(request, each, context) ?? each;
    const operations = markOperation(bare, context);
    if (operations.length > 0 || bare === each) return operations;
    return [putOf(redigested(bare, context), each)];
  });
  return [
    ...marks,
    ...removals(
      stale.filter((each) => !moved.includes(each)),
      context,
    ),
  ];
}

/**
 * A record whose key another one has frees what is not its own any more, and what one has that is
 * gone; then, or once the other has moved on in this same call, it is looked at again.
 */
function withoutTarget(
  { outcome, holder, gone }: NoTarget,
  request: WriteRequest,
  existing: StoredResource[],
  context: PlanContext,
): Planned | NeedsBefore {
  if (holder === undefined) return { outcome };
  const freed = freeKeys(request, existing, context);
  if (!('operations' in freed)) return freed;
  const given = gone ? giveUp(gone, context) : [];
  if (!Array.isArray(given)) return given;
  const operations = [...freed.operations, ...given];
  if (operations.length > 0) return { operations, done: { kind: 'updated', ids: idsOf(existing) }, again: outcome };
  return context.inCall.has(holder) ? { outcome, again: true } : { outcome };
}

/** Whether a record’s first resource, which tells whether it is there, comes to be valid again. */
function revives(stored: StoredResource, sent: StoredResource, { mark }: FhirDestinationSettings): boolean {
  return isMarked(stored, mark) && !isMarked(sent, mark);
}

function isSame(stored: StoredResource, { body, takeAway }: Dressed, { base, settings, keepsMeta }: PlanContext): boolean {
  return sameContent(stored, body, base, settings.serverAdds ?? []) && (keepsMeta || isEmptyMeta(takeAway));
}

function change(operations: Operation[], ids: Record<string, string>): Planned {
  const kind: WriteOutcome['kind'] = operations.length > 0 ? 'updated' : 'unchanged';
  return operations.length > 0 ? { operations, done: { kind, ids } } : { outcome: { kind, ids } };
}

function keyedOne({ type, key }: WriteResource, id: string, { looked }: PlanContext): StoredResource | undefined {
  return key && looked.withKey(type, key.system, key.value).find((each) => each.id === id);
}

/**
 * The body with its key and its tags: by itself, or where it was taken over laid onto what is
 * stored. Undefined where its key has no room.
 */
function dress(
  body: StoredResource,
  {
    target,
    resource,
    request,
    stored,
  }: { target: Target; resource: WriteResource; request: WriteRequest; stored: StoredResource | undefined },
  { base, before, settings, ids, formerly }: PlanContext,
): Dressed | NeedsBefore | undefined {
  const given = resource.key ? withKey(body, resource.key) : body;
  if (!given) return undefined;
  const code = originCode(request.origin);
  if (!target.adopted || !stored) {
    const own = ownWhole(stored, withServerAdded(given, stored, settings.serverAdds), code);
    const { integration, entityType, id } = request.origin;
    const known = ids === 'server' ? resourceId(integration, entityType, formerly, id, resource.name) : undefined;
    const dressed = known === undefined ? own : { ...own, body: withIdTag(own.body, known) };
    return withDigest(dressed, stored, isNoticed(request), { base, settings });
  }
  const reference = referenceTo(stored);
  if (givesLess(stored, given) && !before.has(reference)) return { before: [stored] };
  return ontoStored(stored, given, code, { base, before: before.get(reference), marks: marksOf(stored, settings.mark) });
}

/** Whether it is to be seen of what is written now when others change it. */
function isNoticed({ whenEdited }: WriteRequest): boolean {
  return whenEdited === 'report' || whenEdited === 'hold';
}

/** R4 says when a resource was changed, not by whom. */
function editOf({ meta }: StoredResource): Edit {
  const at = parseInstant(meta?.['lastUpdated']);
  return at === undefined ? {} : { at };
}

/**
 * A resource that is created has no id yet: within its record it is known by the derived one, which
 * is a UUID.
 */
function referenceFor(type: string, target: Target | undefined): string {
  return target?.create === undefined ? `${type}/${target?.id ?? ''}` : `urn:uuid:${target.id}`;
}

/** Written twice by a server that chooses ids, and does not keep to If-None-Exist. */
function isDouble(a: StoredResource, b: StoredResource): boolean {
  return a.resourceType === b.resourceType && derivedIdOf(a) === derivedIdOf(b);
}

function withIdTag(body: StoredResource, id: string): StoredResource {
  return { ...body, meta: { ...body.meta, tag: [...(body.meta?.tag ?? []), { system: ID_TAG, code: id }] } };
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

/** What refers to a contained resource that is there twice refers to either. */
function whyNotContained({ type, id, body }: Operation): { outcome: WriteOutcome } | undefined {
  const ids = listOf(body as object | undefined, 'contained').flatMap((each) => (each as { id?: unknown } | null)?.id ?? []);
  if (new Set(ids).size === ids.length) return undefined;
  return refused(
    'InvalidResource',
    `What ${type}/${id} is to contain has the id of another resource that it contains.`,
    'Let the mapping give the contained resource another id.',
    { path: `${type}.contained` },
  );
}

function idsOf(stored: StoredResource[]): Record<string, string> {
  return Object.fromEntries(stored.map((each) => [referenceTo(each), each.id]));
}
