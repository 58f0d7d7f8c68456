import { isNumber } from '../../json/exact-number.js';
import type { WriteResource } from '../connector.js';
import { getOwn } from '../../model/keyed.js';

const PREFIX = 'urn:sangam:ref:';

/** Stands for the reference of another resource of the same record until its id is known. */
export function placeholderFor(name: string): { reference: string } {
  return { reference: PREFIX + encodeURIComponent(name) };
}

/**
 * The body with each stand-in replaced by its reference; undefined where one names a resource that
 * this record does not have.
 */
export function replacePlaceholders(body: unknown, references: ReadonlyMap<string, string>): unknown {
  if (!holdsPlaceholder(body)) return body;
  let whole = true;
  const replace = (value: unknown): unknown => {
    if (typeof value === 'string' && value.startsWith(PREFIX)) {
      const reference = references.get(nameIn(value) ?? '');
      whole &&= reference !== undefined;
      return reference;
    }
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null || isNumber(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replace(each)]));
  };
  const replaced = replace(body);
  return whole ? replaced : undefined;
}

/** A record's own text may begin like a stand-in, and be none. */
function nameIn(placeholder: string): string | undefined {
  try {
    return decodeURIComponent(placeholder.slice(PREFIX.length));
  } catch {
    return undefined;
  }
}

/** Without a list of members or values: it is asked of every record in every pass. */
function holdsPlaceholder(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith(PREFIX);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsPlaceholder);
  for (const name in value) if (holdsPlaceholder(getOwn(value as Record<string, unknown>, name))) return true;
  return false;
}

/** Referenced resources before those that refer to them, for servers that write one by one. */
export function inOrder(resources: WriteResource[]): WriteResource[] {
  if (resources.length < 2) return resources;
  const text = new Map(resources.map((resource) => [resource.name, JSON.stringify(resource.body)]));
  const refers = (a: WriteResource, b: WriteResource): boolean =>
    (text.get(a.name) ?? '').includes(`"${PREFIX}${encodeURIComponent(b.name)}"`);
  const ordered: WriteResource[] = [];
  const visit = (resource: WriteResource, path: WriteResource[]): void => {
    if (ordered.includes(resource) || path.includes(resource)) return;
    for (const other of resources) if (other !== resource && refers(resource, other)) visit(other, [...path, resource]);
    ordered.push(resource);
  };
  for (const resource of resources) visit(resource, []);
  return ordered;
}
