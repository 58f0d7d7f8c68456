import { z } from 'zod';
import { getOwn } from '../../model/keyed.js';
import { instantSchema } from '../../model/schemas.js';
import type { Bookmark, Context, DestinationOptions, Standing } from '../connector.js';
import type { FhirClient } from './client.js';
import { originOfCode } from './identity.js';
import { isMarked } from './marks.js';
import { originsOf, storedResource } from './resource.js';
import { fhirDestinationSettings, typesOf } from './settings.js';
import { FhirSource } from './source/fhir-source.js';

const bookmark = z.object({ v: z.literal(1), at: instantSchema(), place: z.json().optional() });
/** Which of the types that are written is listed, and where that goes on. */
const placeSchema = z.object({ type: z.int().nonnegative(), after: bookmark.optional() });

/** Milliseconds ahead of the worker's clock that stamps are listed up to. */
const AHEAD = 60_000;

/**
 * Ids of the records of an entity type that stand on the server, as their origin tags say: all of
 * each type that is written is read, since many a server finds no tags by their system alone. One
 * that changes meanwhile comes again.
 *
 * @throws SystemFailure, Cancelled
 */
export async function standing(
  client: FhirClient,
  { integration, entityTypes }: DestinationOptions,
  entityType: string,
  { from, limit }: { from: unknown; limit: number },
  c: Context,
): Promise<Standing> {
  const known = getOwn(entityTypes, entityType);
  const { type: at, after } = placeSchema.safeParse(from).data ?? { type: 0 };
  if (!known) return { ids: [] };
  const { mark, ...settings } = fhirDestinationSettings.parse(known.settings);
  const types = typesOf(settings);
  const [resource, further] = types.slice(at, at + 2);
  if (resource === undefined) return { ids: [] };
  const names = [entityType, ...known.formerly];
  const until = new Date(Date.now() + AHEAD).toISOString();
  const source = new FhirSource(client, { resource, deleted: 'ignore' }, { entityTypes: {} });
  for await (const page of source.changes((after as Bookmark | undefined) ?? null, until, limit, c)) {
    const ids = page.records.flatMap((record) => {
      const stored = 'error' in record ? undefined : storedResource(record.body as Record<string, unknown>);
      if (!stored || isMarked(stored, mark)) return [];
      const origins = originsOf(stored).flatMap((code) => originOfCode(code) ?? []);
      return origins.flatMap((each) => (each.integration === integration && names.includes(each.entityType) ? [each.id] : []));
    });
    const isLast = page.bookmark.at >= until && page.bookmark.place === undefined;
    if (!isLast) return { ids: [...new Set(ids)], next: { type: at, after: { ...page.bookmark } } };
    return { ids: [...new Set(ids)], ...(further === undefined ? {} : { next: { type: at + 1 } }) };
  }
  return { ids: [] };
}
