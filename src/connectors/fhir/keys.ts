import { schemaOf } from './r4/structures.js';
import type { Key } from '../connector.js';
import { identifiersOf, type StoredResource } from './resource.js';

/**
 * How a type of R4 has the identifier that a business key is: not at all, one, or a list of them.
 */
export function identifierOf(type: string): 'none' | 'one' | 'list' {
  const element = schemaOf(type)?.elements['identifier'];
  if (!element) return 'none';
  return element.isArray ? 'list' : 'one';
}

/**
 * The resource with its key among its identifiers; undefined where its type has room for none, or
 * the mapping gave the only one another value.
 */
export function withKey(resource: StoredResource, key: Key): StoredResource | undefined {
  const identifiers = identifiersOf(resource);
  if (identifiers.some(({ system, value }) => system === key.system && value === key.value)) return resource;
  const room = identifierOf(resource.resourceType);
  if (room === 'list') return { ...resource, identifier: [...identifiers, key] };
  return room === 'one' && identifiers.length === 0 ? { ...resource, identifier: { ...key } } : undefined;
}
