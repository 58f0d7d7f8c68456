import { getOwn } from '../../model/keyed.js';
import { sameContent } from './compare.js';
import { ORIGIN_TAG } from './identity.js';
import type { Operation } from './operations.js';
import { isResource } from './parsed.js';
import { derivedIdOf, storedResource, type StoredResource } from './resource.js';

/** What tells whether a resource is the one that was sent. */
export interface Comparing {
  base: string;
  serverAdds: readonly string[];
}

/**
 * Whether a resource that a server gives shows that a PUT was done: it is the one that was sent,
 * with our tag where that has one, and of another version than before, or, also where the server
 * gives none, of the same content.
 */
export function shows(given: unknown, { type, id, body, version, create }: Operation, { base, serverAdds }: Comparing): boolean {
  if (!isResource(given)) return false;
  const stored = storedResource(given as Record<string, unknown>);
  if (!stored || stored.resourceType !== type || (create === undefined ? stored.id !== id : derivedIdOf(stored) !== id)) return false;
  const sent = body as StoredResource;
  if (!originsOf(sent).every((code) => originsOf(stored).includes(code))) return false;
  const now = stored.meta?.versionId;
  if (now !== undefined && now !== version) return true;
  const members = Object.keys(sent).map((name) => [name, getOwn(stored, name)] as const);
  return sameContent(Object.fromEntries(members), sent, base, serverAdds);
}

function originsOf({ meta }: StoredResource): (string | undefined)[] {
  return (meta?.tag ?? []).filter(({ system }) => system === ORIGIN_TAG).map(({ code }) => code);
}
