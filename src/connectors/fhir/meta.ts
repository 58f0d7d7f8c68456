import { getOwn } from '../../model/keyed.js';
import { ADOPTED_TAG, DIGEST_TAG, GAVE_TAG, ID_TAG, ORIGIN_TAG } from './identity.js';
import { gaveTags, listOf, mergeList, metaIdentity, META_LISTS } from './gave.js';
import type { Meta, StoredResource, Token } from './resource.js';

const SANGAM: ReadonlySet<string | undefined> = new Set([ORIGIN_TAG, ADOPTED_TAG, GAVE_TAG, DIGEST_TAG, ID_TAG]);

/** What a server sets itself: never sent. */
const SET_BY_SERVER: ReadonlySet<string> = new Set(['versionId', 'lastUpdated', ...META_LISTS]);

/** The lists of a `meta`: tags but Sangam's own, security labels and profiles. */
export type MetaLists = Record<(typeof META_LISTS)[number], unknown[]>;

/** Those of a stored or a mapped `meta`. */
function metaLists(meta: object | undefined): MetaLists {
  const tag = listOf(meta, 'tag').filter((each) => !SANGAM.has((each as Token | null)?.system));
  return { tag, security: listOf(meta, 'security'), profile: listOf(meta, 'profile') };
}

/** Of the lists of a `meta`: what others wrote, and what the mapping gives. */
export interface MergedMeta {
  lists: MetaLists;
  /** Codes of the entries that are Sangam's. */
  gave: string[];
  /** Entries that Sangam gave and gives no more. */
  superfluous: MetaLists;
}

/** What the lists of a resource's `meta` come to. `was`: what Sangam gave so far, by code. */
export function mergeMeta(id: string, stored: Meta | undefined, given: object | undefined, was: ReadonlySet<string>): MergedMeta {
  const [theirs, ours] = [metaLists(stored), metaLists(given)];
  const merged = META_LISTS.map((name) => {
    const identityOf = (each: unknown): string => metaIdentity(name, each);
    return [name, mergeList(id, name, { stored: theirs[name], given: ours[name], was, identityOf })] as const;
  });
  const pick = (part: 'list' | 'superfluous'): MetaLists =>
    Object.fromEntries(merged.map(([name, each]) => [name, each[part]])) as unknown as MetaLists;
  return { lists: pick('list'), superfluous: pick('superfluous'), gave: merged.flatMap(([, { gave }]) => gave) };
}

/** A whole `meta` of such lists, with Sangam's own tags first; `rest`: its other members. */
export function metaOf({ tag, security, profile }: MetaLists, sangam: Token[], rest: object = {}): Meta {
  const others = Object.entries(rest).filter(([name]) => !SET_BY_SERVER.has(name));
  const lists = { tag: [...sangam, ...(tag as Token[])], security, profile };
  const full = Object.entries(lists).filter(([, list]) => list.length > 0);
  return Object.fromEntries([...others, ...full]) as Meta;
}

/** Sangam's own tags on a resource of this origin. */
export function sangamTags(origin: string, adopted: boolean, gave: Iterable<string>): Token[] {
  return [{ system: ORIGIN_TAG, code: origin }, ...(adopted ? [{ system: ADOPTED_TAG, code: 'true' }] : []), ...gaveTags(gave)];
}

/** Those tags of a resource that are Sangam's. */
export function sangamTagsOf({ meta }: StoredResource): Token[] {
  return (meta?.tag ?? []).filter(({ system }) => SANGAM.has(system));
}

/** What of these entries a `meta` still has. */
export function remaining(meta: Meta | undefined, entries: Meta): Meta {
  const left = META_LISTS.map((name) => {
    const there = new Set(listOf(meta, name).map((each) => metaIdentity(name, each)));
    return [name, listOf(entries, name).filter((each) => there.has(metaIdentity(name, each)))] as const;
  });
  return Object.fromEntries(left.filter(([, list]) => list.length > 0));
}

/**
 * Whether a stored `meta` holds all that is sent. More may be there: a server that merges adds what
 * is sent to what it has. Of a coding its system and code count, since servers keep one display for
 * all.
 */
export function holdsMeta(stored: Meta | undefined, sent: Meta | undefined, same: (a: unknown, b: unknown) => boolean): boolean {
  if (!sent) return true;
  for (const name of META_LISTS) {
    const given = listOf(sent, name);
    if (given.length === 0) continue;
    const there = new Set(listOf(stored, name).map((each) => metaIdentity(name, each)));
    if (!given.every((each) => there.has(metaIdentity(name, each)))) return false;
  }
  return Object.entries(sent).every(
    ([name, value]) =>
      SET_BY_SERVER.has(name) || same(name === 'source' ? sourceOf(getOwn(stored, name), value) : getOwn(stored, name), value),
  );
}

/** HAPI puts the number of the request behind the source that it was given. */
function sourceOf(stored: unknown, sent: unknown): unknown {
  return typeof stored === 'string' && typeof sent === 'string' && !sent.includes('#') ? stored.replace(/#.*$/, '') : stored;
}
