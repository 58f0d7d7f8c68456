import { getOwn } from '../../model/keyed.js';
import type { ElementChange, PlannedChange, WriteRequest } from '../connector.js';
import { resourceId } from '../derived-id.js';
import { elementChanges } from '../element-changes.js';
import { same, without } from './compare.js';
import { holdsMeta, sangamTagsOf } from './meta.js';
import { sameNarrative } from './narrative.js';
import type { Operation } from './operations.js';
import { derivedIdOf, type Meta, type StoredResource } from './resource.js';

/** How what is stored and what is sent are compared. */
interface Comparing {
  /** Earlier names of the entity type. */
  formerly: string[];
  base: string;
  serverAdds?: readonly string[] | undefined;
}

/** What the operations of a request would do, for a person. */
export function plannedChanges(
  operations: readonly Operation[],
  { origin, resources }: WriteRequest,
  comparing: Comparing,
): PlannedChange[] {
  const { integration, entityType, id: recordId } = origin;
  const kept = new Set(resources.map(({ name }) => resourceId(integration, entityType, comparing.formerly, recordId, name)));
  return operations.map(({ method, type, id, body, stored, create }) => {
    if (method === 'DELETE') return { what: 'remove', type, id, elements: [], ...(isDouble(stored, kept) ? { double: true } : {}) };
    const known = create === undefined ? { id } : {};
    if (!stored) return { what: 'create', type, ...known, body, elements: [] };
    return { what: 'update', type, ...known, body, elements: changedIn(stored, body as StoredResource, comparing) };
  });
}

/** Ids that Sangam derives are of this version. */
const DERIVED = /^[0-9a-f]{8}-[0-9a-f]{4}-5/;

/**
 * Whether what has the origin of a record was never written for it: it has an id that Sangam does
 * not derive, or the derived one of another that stays. What a record has no more has one of its
 * own.
 */
function isDouble(stored: StoredResource | undefined, kept: ReadonlySet<string>): boolean {
  if (!stored || kept.size === 0) return false;
  const derived = derivedIdOf(stored);
  return !DERIVED.test(derived) || (derived !== stored.id && kept.has(derived));
}

/** By the same rules by which it is told whether anything is to be sent. */
function changedIn(stored: StoredResource, sent: StoredResource, { base, serverAdds = [] }: Comparing): ElementChange[] {
  const equal = (a: unknown, b: unknown): boolean => same(a, b, base);
  const [a, b] = [{ ...without(stored, serverAdds) }, { ...without(sent, serverAdds) }];
  if (sameNarrative(a['text'], b['text'])) for (const each of [a, b]) delete each['text'];
  const metas = { stored: ownMeta(stored), sent: ownMeta(sent) };
  const names = Object.keys(metas.sent ?? {});
  if (holdsMeta(metas.stored, metas.sent, equal)) for (const each of [a, b]) delete each['meta'];
  else {
    a['meta'] = Object.fromEntries(names.map((name) => [name, getOwn(metas.stored ?? {}, name)]));
    b['meta'] = metas.sent;
  }
  return elementChanges(a, b, equal);
}

/** Without what Sangam itself puts there. */
function ownMeta(resource: StoredResource): Meta | undefined {
  const { meta } = resource;
  if (!meta?.tag) return meta;
  const own = new Set(sangamTagsOf(resource));
  const tag = meta.tag.filter((each) => !own.has(each));
  const { tag: _all, ...rest } = meta;
  return tag.length > 0 ? { ...rest, tag } : rest;
}
