import type { SimulatedResponse } from '../server.js';
import type { FhirRepository, Resource } from './repository.js';

/** Searches by `_id`, `_tag`, `identifier` and `_lastUpdated`; others match a top-level element. Pages of `_count`, with next links. */
export function search(type: string, query: URLSearchParams, repository: FhirRepository): SimulatedResponse {
  const count = Number(query.get('_count') ?? '100');
  const offset = Number(query.get('_offset') ?? '0');
  const found = matching(type, query, repository);
  const page = found.slice(offset, offset + count);
  const next = new URLSearchParams(query);
  next.set('_offset', String(offset + count));
  const link = offset + count < found.length ? [{ relation: 'next', url: `${type}?${next.toString()}` }] : [];
  return {
    status: 200,
    headers: { 'content-type': 'application/fhir+json' },
    body: { resourceType: 'Bundle', type: 'searchset', total: found.length, link, entry: page.map((resource) => ({ resource })) },
  };
}

function matching(type: string, query: URLSearchParams, repository: FhirRepository): Resource[] {
  const [parameter, values] = [...query].find(([name]) => ['_id', '_tag', 'identifier'].includes(name)) ?? [];
  if (parameter === undefined || values === undefined) return repository.all(type);
  const each = values.split(',');
  const found =
    parameter === '_id'
      ? each.flatMap((id) => repository.get(type, id) ?? [])
      : each.flatMap((value) => repository.by(type, `${parameter === '_tag' ? 'tag' : 'identifier'} ${value}`));
  return [...new Set(found)];
}
