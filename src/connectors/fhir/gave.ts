import { getOwn } from '../../model/keyed.js';
import { createHash } from 'node:crypto';
import { schemaOf } from './r4/structures.js';
import { GAVE_TAG } from './identity.js';
import { canonical } from './canonical.js';
import type { Meta, StoredResource, Token } from './resource.js';

/**
 * Members of lists of which each entry is somebody's: what others wrote stays beside what the
 * mapping gives.
 */
export const ENTRY_LISTS = ['identifier', 'extension', 'modifierExtension', 'contained'] as const;

/** The same within `meta`. */
export const META_LISTS = ['tag', 'security', 'profile'] as const;

/** Members that are no elements of their own, or are given entry by entry. */
const NO_ELEMENTS: ReadonlySet<string> = new Set(['resourceType', 'id', 'meta', ...ENTRY_LISTS]);

/**
 * What Sangam gave a resource, as the codes of its `urn:sangam:gave` tags: elements by name, e.g.
 * `birthDate`, and entries of lists by a digest, e.g. `identifier=1f00c2aa`, which tells nothing of
 * a person.
 */
export function gaveOf({ meta }: StoredResource): Set<string> {
  return new Set((meta?.tag ?? []).flatMap(({ system, code }) => (system === GAVE_TAG && code !== undefined ? [code] : [])));
}

/**
 * The code that a mark has whose record went, so that it has no claim to its key any more. What a
 * mapping marks has none.
 */
export const MARKED_AS_GONE = 'mark=gone';

export function gaveTags(codes: Iterable<string>): Token[] {
  return [...codes].map((code) => ({ system: GAVE_TAG, code }));
}

/**
 * An element's name, that of a choice without its type: `deceased` for `deceasedBoolean` and
 * `_deceasedBoolean`.
 */
export function elementName(type: string, member: string): string {
  const schema = schemaOf(type);
  const plain = member.startsWith('_') ? member.slice(1) : member;
  if (!schema || Object.hasOwn(schema.elements, plain)) return member;
  const choice = Object.keys(schema.elements).find((key) => key.endsWith('[x]') && plain.startsWith(key.slice(0, -3)));
  return choice?.slice(0, -3) ?? member;
}

/** The elements that a body gives whole. */
export function elementsOf(type: string, body: object): Set<string> {
  return new Set(
    Object.keys(body)
      .filter((name) => !NO_ELEMENTS.has(name))
      .map((name) => elementName(type, name)),
  );
}

/** The members of these elements. */
export function membersOf(resource: StoredResource, elements: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(resource).filter(([name]) => !NO_ELEMENTS.has(name) && elements.has(elementName(resource.resourceType, name))),
  );
}

/** The resource without the members of these elements. */
export function withoutElements(resource: StoredResource, elements: ReadonlySet<string>): StoredResource {
  const rest = Object.entries(resource).filter(
    ([name]) => NO_ELEMENTS.has(name) || !elements.has(elementName(resource.resourceType, name)),
  );
  return Object.fromEntries(rest) as StoredResource;
}

/**
 * What tells an entry of a list of `meta` from the others. What is no text there, as a server may
 * give it, tells nothing.
 */
export function metaIdentity(list: string, entry: unknown): string {
  if (list === 'profile') return textOf(entry);
  const { system, code } = (entry ?? {}) as Record<string, unknown>;
  return `${textOf(system)}|${textOf(code)}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The same of a list of a resource, on the server at `base`. */
export function entryIdentity(list: string, entry: unknown, base: string): string {
  const { system = '', value = '' } = (entry ?? {}) as Token;
  return list === 'identifier' && value !== '' ? `${system}|${value}` : canonical(entry, base);
}

/**
 * An entry's code among the `gave` tags of its resource: short, so that it cannot be told from it
 * what the entry is.
 */
function entryCode(id: string, list: string, identity: string): string {
  const digest = createHash('sha256').update([id, list, identity].join('\0'));
  return `${list}=${digest.digest('hex').slice(0, 8)}`;
}

/**
 * A list of which others wrote some: theirs, without what Sangam gave and gives no more, and what
 * it gives.
 */
export interface Merged<T> {
  list: T[];
  /**
   * Codes of the entries that are Sangam's: of a given one that others wrote before, there is none.
   */
  gave: string[];
  /** Entries that Sangam gave and gives no more. */
  superfluous: T[];
}

/** A list as it is stored, as it is given, and how its entries are told apart. */
interface Lists<T> {
  stored: readonly T[];
  given: readonly T[];
  /** What Sangam gave so far, by code. */
  was: ReadonlySet<string>;
  identityOf: (entry: T) => string;
}

/**
 * What a list of this resource comes to. An entry that Sangam gave is as it is given now; one that
 * others wrote stays as it is.
 */
export function mergeList<T>(id: string, name: string, { stored, given, was, identityOf }: Lists<T>): Merged<T> {
  const codeOf = (entry: T): string => entryCode(id, name, identityOf(entry));
  const isOurs = (entry: T): boolean => was.size > 0 && was.has(codeOf(entry));
  const wanted = new Map<string, T[]>();
  for (const each of given) wanted.set(identityOf(each), [...(wanted.get(identityOf(each)) ?? []), each]);
  const there = new Set(stored.map(identityOf));
  const superfluous = stored.filter((each) => !wanted.has(identityOf(each)) && isOurs(each));
  const kept = stored.filter((each) => !superfluous.includes(each));
  const added = given.filter((each) => !there.has(identityOf(each)));
  const ours = given.filter((each) => !there.has(identityOf(each)) || isOurs(each));
  return {
    list: [...kept.map((each) => (isOurs(each) ? (wanted.get(identityOf(each))?.shift() ?? each) : each)), ...added],
    gave: [...new Set(ours.map(codeOf))],
    superfluous,
  };
}

/** The list of a resource or of its `meta`, also where it is none or one. */
export function listOf(holder: object | undefined, name: string): unknown[] {
  const value = getOwn(holder as Record<string, unknown> | undefined, name);
  return value === undefined || value === null ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
}

export function isEmptyMeta(meta: Meta): boolean {
  return Object.keys(meta).length === 0;
}
