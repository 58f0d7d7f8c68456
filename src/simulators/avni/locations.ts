import type { SimulatedResponse } from '../server.js';
import { packed } from './answers.js';
import { envelope } from './envelope.js';
import { lineage, type AvniMetadata, type Location } from './metadata.js';
import { instantOf, pageOf } from './parameters.js';
import type { StoredRecord } from './record.js';
import type { RequestContext } from './request-context.js';

/**
 * Subjects at these places or below them. Where none of the ids is known, it is no filter at all.
 */
export function locationFilter(ids: string | null, { locations }: AvniMetadata): ((record: StoredRecord) => boolean) | undefined {
  const wanted = (ids ?? '').split(',').filter((id) => locations.some(({ uuid }) => uuid === id));
  if (wanted.length === 0) return undefined;
  const inside = new Set(locations.flatMap((each) => (lineage(each).some(({ uuid }) => wanted.includes(uuid)) ? [each.uuid] : [])));
  return ({ body }) => inside.has(String(body['Location ID']));
}

/**
 * `GET /api/locations`, both bounds included, and `GET /api/location/{id}`; `undefined` for another
 * path. @throws Refusal
 */
export function answerLocations({ request, organisation, settings }: RequestContext): SimulatedResponse | undefined {
  const { locations } = organisation.metadata;
  const id = /^\/api\/location\/([^/]+)$/.exec(request.path)?.[1];
  if (id !== undefined) {
    const found = locations.find(({ uuid, externalId }) => [uuid, externalId].includes(decodeURIComponent(id)));
    return found ? packed(request, rowOf(found)) : { status: 404 };
  }
  if (request.path !== '/api/locations') return undefined;
  const from = instantOf(request, 'lastModifiedDateTime') ?? 0;
  const to = instantOf(request, 'now') ?? organisation.now() - settings.margin;
  const { page, size } = pageOf(request);
  const found = locations.filter(({ stamp }) => stamp >= from && stamp <= to).sort((a, b) => a.stamp - b.stamp);
  return packed(request, envelope(found.slice(page * size, (page + 1) * size).map(rowOf), found.length, size));
}

function rowOf({ uuid, externalId, title, type, level, parent, voided, stamp }: Location): object {
  const at = new Date(stamp).toISOString();
  return {
    ID: uuid,
    'External ID': externalId,
    Title: title,
    Type: type,
    Level: level,
    customProperties: {},
    ...(parent ? { Parent: rowOf(parent) } : {}),
    Voided: voided,
    audit: { 'Created at': at, 'Last modified at': at, 'Created by': 'admin@demo', 'Last modified by': 'admin@demo' },
  };
}
