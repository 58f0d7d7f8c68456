import { createHash } from 'node:crypto';
import { canonical } from './canonical.js';
import { without } from './compare.js';
import type { Dressed } from './adopt.js';
import { DIGEST_TAG } from './identity.js';
import type { PlanContext } from './plan-context.js';
import type { StoredResource, Token } from './resource.js';

type Compared = Pick<PlanContext, 'base' | 'settings'>;

/**
 * A resource that is about to be written with a digest of what it says, by which it is seen later
 * whether somebody else changed it; `on` false: with none.
 */
export function withDigest({ body, takeAway }: Dressed, stored: StoredResource | undefined, on: boolean, context: Compared): Dressed {
  const code = on ? digestOf(body, context) : undefined;
  const stale = digestsOf(stored).filter((each) => each !== code);
  return {
    body: code === undefined ? body : tagged(body, code),
    takeAway: stale.length === 0 ? takeAway : { ...takeAway, tag: [...(takeAway.tag ?? []), ...stale.map(tokenOf)] },
  };
}

/**
 * The same of a stored one that Sangam changes, as by a mark: it has a digest only where it had
 * one.
 */
export function redigested(resource: StoredResource, context: Compared): StoredResource {
  if (digestsOf(resource).length === 0) return resource;
  const tag = (resource.meta?.tag ?? []).filter(({ system }) => system !== DIGEST_TAG);
  return tagged({ ...resource, meta: { ...resource.meta, tag } }, digestOf(resource, context));
}

/**
 * Whether what is stored is neither what Sangam wrote nor what it is about to write. One without a
 * digest tells nothing.
 */
export function isEdited(stored: StoredResource, body: StoredResource, context: Compared): boolean {
  const known = digestsOf(stored);
  if (known.length === 0) return false;
  const now = digestOf(stored, context);
  return !known.includes(now) && now !== digestOf(body, context);
}

/**
 * Of what it says, apart from its id, its `meta`, its narrative and what the server adds by itself;
 * short, and without order or form.
 */
function digestOf(resource: StoredResource, { base, settings }: Compared): string {
  const { id: _id, meta: _meta, text: _text, ...content } = without(resource, settings.serverAdds ?? []);
  return createHash('sha256').update(canonical(content, base)).digest('hex').slice(0, 24);
}

/** More than one where a server keeps each tag. */
function digestsOf(resource: StoredResource | undefined): string[] {
  return (resource?.meta?.tag ?? []).flatMap(({ system, code }) => (system === DIGEST_TAG && code !== undefined ? [code] : []));
}

function tagged(resource: StoredResource, code: string): StoredResource {
  return { ...resource, meta: { ...resource.meta, tag: [...(resource.meta?.tag ?? []), tokenOf(code)] } };
}

function tokenOf(code: string): Token {
  return { system: DIGEST_TAG, code };
}
