import { ADOPTED_TAG, ORIGIN_TAG } from './identity.js';

interface Token {
  system?: string;
  code?: string;
  value?: string;
}

/** A stored resource, as far as the engine looks into it. */
export interface StoredResource {
  resourceType: string;
  id: string;
  meta?: { versionId?: string; tag?: Token[] };
  /** A list in most types, one in some. */
  identifier?: Token[] | object;
  [element: string]: unknown;
}

/** Whether what a server gave is a resource as far as it is looked into. By hand, and without a copy: it is asked of every record in every pass. */
export function isStoredResource(value: unknown): value is StoredResource {
  if (!isObject(value) || typeof value['resourceType'] !== 'string' || typeof value['id'] !== 'string') return false;
  const { meta, identifier } = value;
  if (identifier !== undefined && !isObject(identifier) && !areTokens(identifier)) return false;
  return meta === undefined || (isObject(meta) && isText(meta['versionId']) && (meta['tag'] === undefined || areTokens(meta['tag'])));
}

function areTokens(value: unknown): boolean {
  return (
    Array.isArray(value) && value.every((each) => isObject(each) && isText(each['system']) && isText(each['code']) && isText(each['value']))
  );
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The origin a resource was written for by Sangam, or undefined. */
export function originOf(resource: StoredResource): string | undefined {
  return resource.meta?.tag?.find(({ system }) => system === ORIGIN_TAG)?.code;
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
