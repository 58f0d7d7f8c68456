import { z } from 'zod';
import { parseInstant } from '../../../model/instant.js';
import { isObject } from '../../../model/is-object.js';
import type { Instant } from '../../connector.js';
import { isId } from '../ids.js';

/** A resource of the type that is read. */
export interface ReadRow {
  id: string;
  stamp: Instant;
  version: string;
  resource: Record<string, unknown>;
  /** Resources that came with it. */
  included: ReadonlyMap<string, unknown>;
}

/** An entry that is none: it is an error of its record. `odd`: the path of what is wrong. */
export interface OddEntry {
  odd: string;
  id?: string;
  stamp?: Instant;
}

export type EntryRow = ReadRow | OddEntry;

/** A bundle as searches give it; each entry is looked at by itself. */
export const searchBundle = z.object({
  resourceType: z.literal('Bundle'),
  type: z.enum(['searchset', 'history']),
  total: z.int().nonnegative().optional().catch(undefined),
  link: z.array(z.object({ relation: z.string(), url: z.string() })).optional(),
  entry: z.custom<unknown[]>(Array.isArray).optional(),
});

/** A version as it may be shown and stored: what has other signs is left out of it. */
const VERSION = /^[\w.:-]{1,64}$/;

/**
 * How the type that is read appears among the entries; `joined`: resources of other types are asked
 * for too.
 */
interface Wanted {
  type: string;
  joined: boolean;
}

/** The records of a bundle in order, odd ones among them, each with what was joined. */
export function rowsOf(entries: readonly unknown[], { type, joined }: Wanted): EntryRow[] {
  const included = new Map<string, unknown>();
  const rows: EntryRow[] = [];
  for (const entry of entries) {
    const kind = kindOf(entry, type, joined);
    const resource = isObject(entry) ? entry['resource'] : undefined;
    if (kind === 'match') rows.push(rowOf(entry, type, included));
    // Both are told by a look at it.
    if (kind === 'joined' && isObject(resource)) included.set(`${String(resource['resourceType'])}/${String(resource['id'])}`, resource);
  }
  return rows;
}

function kindOf(entry: unknown, type: string, joined: boolean): 'match' | 'joined' | 'said' {
  if (!isObject(entry) || !isObject(entry['resource'])) return 'match';
  const { search, resource } = entry;
  const mode = isObject(search) ? search['mode'] : undefined;
  if (mode === 'outcome' || resource['resourceType'] === 'OperationOutcome') return 'said';
  if (mode === 'include') return 'joined';
  return mode === undefined && joined && resource['resourceType'] !== type ? 'joined' : 'match';
}

function rowOf(entry: unknown, type: string, included: ReadonlyMap<string, unknown>): EntryRow {
  if (!isObject(entry)) return { odd: 'entry' };
  const { resource, fullUrl } = entry;
  if (!isObject(resource)) {
    const id = typeof fullUrl === 'string' ? fullUrl.split(`/${type}/`).at(-1) : undefined;
    return { odd: 'entry.resource', ...(isId(id) ? { id } : {}) };
  }
  return rowOfResource(resource, type, included);
}

/** A resource that was given in a list, or by itself. */
export function rowOfResource(resource: unknown, type: string, included: ReadonlyMap<string, unknown> = new Map()): EntryRow {
  if (!isObject(resource)) return { odd: 'its root' };
  const meta = isObject(resource['meta']) ? resource['meta'] : {};
  const stamp = parseInstant(meta['lastUpdated']);
  const { id } = resource;
  const known = stamp === undefined ? {} : { stamp };
  if (resource['resourceType'] !== type) return { ...known, odd: 'resourceType' };
  if (!isId(id)) return { ...known, odd: 'id' };
  if (stamp === undefined) return { id, odd: 'meta.lastUpdated' };
  const { versionId } = meta;
  const version = typeof versionId === 'string' && VERSION.test(versionId) ? `${stamp} ${versionId}` : stamp;
  return { id, stamp, version, resource, included };
}

export function isOddEntry(row: EntryRow): row is OddEntry {
  return 'odd' in row;
}
