import { ExactNumber } from '../../json/exact-number.js';
import { ADOPTED_TAG, ID_TAG, ORIGIN_TAG } from './identity.js';

export interface Token {
  system?: string;
  code?: string;
  value?: string;
}

/** What stands in `meta`, as far as the engine looks into it. */
export interface Meta {
  versionId?: string;
  tag?: Token[];
  security?: unknown[];
  profile?: unknown[];
  [element: string]: unknown;
}

/** A stored resource, as far as the engine looks into it. */
export interface StoredResource {
  resourceType: string;
  id: string;
  meta?: Meta;
  /** A list in most types, one in some. */
  identifier?: Token[] | object;
  [element: string]: unknown;
}

/**
 * What a server gave as a resource whose looked-into members are of their form; undefined where it
 * has no id. One of another form is mended, not passed by: what is there and not seen would be
 * written a second time, or not be removed.
 */
export function storedResource(value: Record<string, unknown>): StoredResource | undefined {
  if (isStored(value)) return value;
  const { resourceType, id, meta, identifier, ...rest } = value;
  const known = textOf(id);
  if (typeof resourceType !== 'string' || known === undefined || known === '') return undefined;
  return {
    ...rest,
    resourceType,
    id: known,
    ...(isObject(meta) ? { meta: metaOf(meta) } : {}),
    ...(isObject(identifier) ? { identifier: tokenOf(identifier) } : Array.isArray(identifier) ? { identifier: tokensOf(identifier) } : {}),
  };
}

/** By hand, and without a copy: it is asked of every record in every pass. */
function isStored(value: Record<string, unknown>): value is StoredResource {
  if (typeof value['resourceType'] !== 'string' || typeof value['id'] !== 'string' || value['id'] === '') return false;
  const { meta, identifier } = value;
  if (identifier !== undefined && !isToken(identifier) && !areTokens(identifier)) return false;
  return meta === undefined || (isObject(meta) && isText(meta['versionId']) && (meta['tag'] === undefined || areTokens(meta['tag'])));
}

function areTokens(value: unknown): boolean {
  return Array.isArray(value) && value.every(isToken);
}

function isToken(value: unknown): boolean {
  return isObject(value) && isText(value['system']) && isText(value['code']) && isText(value['value']);
}

function metaOf({ versionId, tag, ...rest }: Record<string, unknown>): NonNullable<StoredResource['meta']> {
  const version = textOf(versionId);
  return { ...rest, ...(version !== undefined ? { versionId: version } : {}), ...(tag === undefined ? {} : { tag: tokensOf(tag) }) };
}

function tokensOf(value: unknown): Token[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isObject).map(tokenOf);
}

function tokenOf({ system, code, value, ...rest }: Record<string, unknown>): Token {
  const texts = Object.entries({ system, code, value }).map(([name, each]) => [name, textOf(each)] as const);
  return { ...rest, ...Object.fromEntries(texts.filter(([, text]) => text !== undefined)) };
}

function textOf(value: unknown): string | undefined {
  if (value instanceof ExactNumber) return value.text;
  return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : undefined;
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}

/**
 * The origins a resource was written for by Sangam: one, or where a server keeps each tag also that
 * under an earlier name.
 */
export function originsOf({ meta }: StoredResource): string[] {
  return (meta?.tag ?? []).flatMap(({ system, code }) => (system === ORIGIN_TAG && code !== undefined ? [code] : []));
}

/** The id that Sangam derived for it: its own, or where the server chose that, as its tag says. */
export function derivedIdOf({ id, meta }: StoredResource): string {
  return meta?.tag?.find(({ system }) => system === ID_TAG)?.code ?? id;
}

export function isAdopted(resource: StoredResource): boolean {
  return resource.meta?.tag?.some(({ system }) => system === ADOPTED_TAG) ?? false;
}

export function hasIdentifier(resource: StoredResource, system: string | undefined, value: string): boolean {
  return identifiersOf(resource).some((each) => each.value === value && (system === undefined || each.system === system));
}

/** Its identifiers as a list, also where its type has one. */
export function identifiersOf({ identifier }: StoredResource): Token[] {
  if (identifier === undefined) return [];
  return Array.isArray(identifier) ? identifier : [identifier];
}

/** `Type/id`. */
export function referenceTo({ resourceType, id }: { resourceType: string; id: string }): string {
  return `${resourceType}/${id}`;
}
