import { getOwn } from '../../model/keyed.js';
import {
  elementsOf,
  entryIdentity,
  ENTRY_LISTS,
  gaveOf,
  gaveTags,
  isEmptyMeta,
  listOf,
  membersOf,
  mergeList,
  withoutElements,
  type Merged,
} from './gave.js';
import { mergeMeta, metaOf, sangamTags, sangamTagsOf } from './meta.js';
import type { Meta, StoredResource, Token } from './resource.js';

/** How a resource that was taken over is met. */
interface Adopted {
  /** Without a slash at its end. */
  base: string;
  /** What it was before, where the server tells. */
  before: StoredResource | undefined;
  /** Elements that mark it as no longer valid, where it is marked. */
  marks?: ReadonlySet<string>;
}

/** What is to be sent, and what of `meta` the server is to have no more. */
export interface Dressed {
  body: StoredResource;
  takeAway: Meta;
}

/**
 * A resource that was taken over, with what the mapping gives: its elements whole, its entries of
 * lists beside those of others. All else stays as it is stored. What Sangam gave and gives no more
 * is again as it stood before. Where `before` does not tell, it stays, as Sangam's, but for what
 * marks it: that is away.
 */
export function ontoStored(
  stored: StoredResource,
  given: StoredResource,
  origin: string,
  { base, before, marks = new Set() }: Adopted,
): Dressed {
  const was = gaveOf(stored);
  const elements = elementsOf(stored.resourceType, given);
  const noMore = new Set([...was].filter((code) => !code.includes('=') && !elements.has(code)));
  const lists = ENTRY_LISTS.map((name) => [name, mergeEntries(stored, given, name, { was, base })] as const);
  const meta = mergeMeta(stored.id, stored.meta, given.meta, was);
  const left = before ? new Set<string>() : new Set([...noMore].filter((code) => !marks.has(code) && isIn(stored, code)));
  const gave = [...elements, ...left, ...lists.flatMap(([, merged]) => merged?.gave ?? []), ...meta.gave];
  const source = given.meta?.['source'];
  const body = {
    ...withoutElements(stored, new Set([...elements, ...[...noMore].filter((code) => !left.has(code))])),
    ...(before ? membersOf(before, noMore) : {}),
    ...membersOf(given, elements),
  };
  const whole = metaOf(meta.lists, sangamTags(origin, true, gave), { ...othersMeta(stored), ...(source === undefined ? {} : { source }) });
  return { body: withLists(body, lists, whole), takeAway: metaOf(meta.superfluous, staleTags(was, gave)) };
}

function isIn(stored: StoredResource, element: string): boolean {
  return Object.keys(membersOf(stored, new Set([element]))).length > 0;
}

/**
 * A resource of Sangam’s own: all that the mapping gives, and of `meta` also the tags, security
 * labels and profiles of others.
 */
export function ownWhole(stored: StoredResource | undefined, given: StoredResource, origin: string): Dressed {
  const text = given['text'] === undefined ? [] : ['text'];
  // As most are in a first load.
  if (!stored && !given.meta) return { body: { ...given, meta: { tag: sangamTags(origin, false, text) } }, takeAway: {} };
  const was = stored ? gaveOf(stored) : new Set<string>();
  const meta = mergeMeta(given.id, stored?.meta, given.meta, was);
  const gave = [...text, ...meta.gave];
  const body = { ...given, meta: metaOf(meta.lists, sangamTags(origin, false, gave), given.meta) };
  return { body, takeAway: metaOf(meta.superfluous, staleTags(was, gave)) };
}

/**
 * A resource of Sangam’s own with the elements that `serverAdds` names as they are stored: a PUT
 * without them would take them away. Those within others are the server’s to add again.
 */
export function withServerAdded(
  body: StoredResource,
  stored: StoredResource | undefined,
  serverAdds: readonly string[] = [],
): StoredResource {
  if (!stored || serverAdds.length === 0) return body;
  const names = serverAdds.map((path) => path.replace(`${body.resourceType}.`, '')).filter((name) => !LEFT_TO_SERVER.has(name));
  const added = Object.entries(stored).filter(([name]) => names.includes(name.replace(/^_/, '')) && getOwn(body, name) === undefined);
  return { ...body, ...Object.fromEntries(added) };
}

/** What a server makes of the rest, or is said of otherwise. */
const LEFT_TO_SERVER: ReadonlySet<string> = new Set(['id', 'meta', 'text', 'resourceType']);

/**
 * A stored resource with some elements of Sangam’s that it had not given so far, such as what marks
 * it.
 */
export function withGiven(body: StoredResource, elements: ReadonlySet<string>): StoredResource {
  const known = gaveOf(body);
  const tags = gaveTags([...elements].filter((each) => !known.has(each)));
  if (tags.length === 0) return body;
  return { ...body, meta: { ...body.meta, tag: [...(body.meta?.tag ?? []), ...tags] } };
}

function staleTags(was: ReadonlySet<string>, gave: string[]): Token[] {
  return gaveTags([...was].filter((code) => !gave.includes(code)));
}

/**
 * Whether something was given that is given no more, so that it is to be known what stood there
 * before.
 */
export function givesLess(stored: StoredResource, given: StoredResource): boolean {
  const elements = elementsOf(stored.resourceType, given);
  return [...gaveOf(stored)].some((code) => !code.includes('=') && !elements.has(code));
}

/**
 * A resource that was taken over as it is let go: what Sangam gave is again as it stood before, and
 * its tags are away.
 */
export function letGo(stored: StoredResource, { base, before }: Adopted): Dressed {
  const was = gaveOf(stored);
  const elements = new Set([...was].filter((code) => !code.includes('=')));
  const given = { resourceType: stored.resourceType, id: stored.id };
  const lists = ENTRY_LISTS.map((name) => [name, mergeEntries(stored, given, name, { was, base })] as const);
  const meta = mergeMeta(stored.id, stored.meta, undefined, was);
  const body = {
    ...withoutElements(stored, elements),
    ...(before ? membersOf(before, elements) : {}),
  };
  return {
    body: withLists(body, lists, metaOf(meta.lists, [], othersMeta(stored))),
    takeAway: metaOf(meta.superfluous, sangamTagsOf(stored)),
  };
}

/**
 * A single identifier, which some types have, stays: it is the key that the resource was met by.
 */
function mergeEntries(
  stored: StoredResource,
  given: StoredResource,
  name: string,
  { was, base }: { was: ReadonlySet<string>; base: string },
): Merged<unknown> | undefined {
  const theirs = getOwn(stored, name);
  if (theirs !== undefined && !Array.isArray(theirs)) return undefined;
  const identityOf = (each: unknown): string => entryIdentity(name, each, base);
  return mergeList(stored.id, name, { stored: listOf(stored, name), given: listOf(given, name), was, identityOf });
}

/** The body with these lists and this `meta`; what is empty is left out, as R4 asks for. */
function withLists(body: StoredResource, lists: (readonly [string, Merged<unknown> | undefined])[], meta: Meta): StoredResource {
  const known = new Map(lists);
  const rest = Object.entries(body).filter(([name]) => name !== 'meta' && known.get(name) === undefined);
  if (!isEmptyMeta(meta)) rest.push(['meta', meta]);
  const full = lists.flatMap(([name, merged]) => (merged && merged.list.length > 0 ? [[name, merged.list] as const] : []));
  return Object.fromEntries([...rest, ...full]) as StoredResource;
}

/**
 * What others have in `meta` beside its lists; HAPI’s own number of a request is nobody’s source.
 */
function othersMeta({ meta }: StoredResource): object {
  const { source, ...rest } = meta ?? {};
  return typeof source === 'string' && !source.startsWith('#') ? { ...rest, source } : rest;
}
