import { z } from 'zod';
import { getOwn } from '../../model/keyed.js';
import { instantSchema } from '../../model/schemas.js';
import type { Bookmark, Context, DestinationOptions, Standing } from '../connector.js';
import { changes } from './changes.js';
import type { Target } from './destination-settings.js';
import type { AvniLister } from './lister.js';
import { markIn, originOfMark } from './origin-mark.js';
import { moved } from './lister.js';
import type { Body } from './stored-record.js';

/** Where a listing goes on: as a reading of changes does. */
const placeSchema = z.object({ v: z.literal(1), at: instantSchema(), place: z.json().optional() });

/** Milliseconds ahead of the worker's clock that stamps are listed up to. */
const AHEAD = 60_000;

/**
 * Ids of the records of an entity type that stand in Avni, as these say themselves: by the list of
 * their type, as changes are read. One that changes meanwhile comes again.
 *
 * @throws SystemFailure, Cancelled
 */
export async function standing(
  lister: AvniLister,
  { origin }: Target,
  { integration, entityTypes }: DestinationOptions,
  entityType: string,
  { from, limit }: { from: unknown; limit: number },
  c: Context,
): Promise<Standing> {
  const names = [entityType, ...(getOwn(entityTypes, entityType)?.formerly ?? [])];
  const until = moved(new Date().toISOString(), AHEAD);
  const after = placeSchema.safeParse(from).data as Bookmark | undefined;
  for await (const { records, bookmark } of changes(lister, after ?? null, until, limit, c)) {
    const ids = records.flatMap((record) => {
      if ('error' in record || record.voided) return [];
      const written = originOfMark(markIn(record.body as Body, origin) ?? '');
      return written?.integration === integration && names.includes(written.entityType) ? [written.id] : [];
    });
    const isLast = bookmark.at >= until && bookmark.place === undefined;
    return { ids: [...new Set(ids)], ...(isLast ? {} : { next: { ...bookmark } }) };
  }
  return { ids: [] };
}
