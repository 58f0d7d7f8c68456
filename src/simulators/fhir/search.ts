import { globalSchema, matchesSearchRequest, splitSearchOnComma, type Filter, type SearchRequest } from '@medplum/core';
import type { Resource as R4 } from '@medplum/fhirtypes';
import type { FhirBehaviour } from './behaviour.js';
import { refusal } from './outcomes.js';
import type { Resource } from './resource.js';
import type { ResourceStore } from './store.js';
import { getOwn } from '../../model/keyed.js';

/**
 * All that a search finds, in its order. `_id`, `_tag`, `identifier` and references go by the
 * index; everything else is looked up in what is left, as the search parameters of R4 say. A
 * parameter that R4 does not have for the type is refused.
 */
export function searchStore(store: ResourceStore, given: SearchRequest, behaviour: FhirBehaviour): Resource[] {
  const filters = (given.filters ?? []).filter(({ code }) => !behaviour.drops.includes(code));
  return sorted(matching(store, { ...given, filters }, behaviour), given, behaviour);
}

function matching(store: ResourceStore, request: SearchRequest, { stamps: precision }: FhirBehaviour): Resource[] {
  const { resourceType: type, filters = [] } = request;
  const known = globalSchema.types[type]?.searchParams ?? {};
  for (const { code } of filters)
    if (!getOwn(known, code)) throw refusal('unknown-parameter', 'processing', `Unknown search parameter ${code} of ${type}`);
  let found: Resource[] | undefined;
  const rest: Filter[] = [];
  for (const filter of filters) {
    const hit = indexed(store, type, filter, getOwn(known, filter.code)?.type === 'reference');
    if (!hit) rest.push(filter);
    else if (found) found = found.filter((each) => hit.has(each));
    else found = [...hit];
  }
  const bounds = rest.filter(({ code }) => code === '_lastUpdated').map((filter) => withinBound(filter, precision));
  const others = rest.filter(({ code }) => code !== '_lastUpdated');
  return (found ?? store.all(type)).filter(
    (each) =>
      bounds.every((isWithin) => isWithin(each)) &&
      (others.length === 0 || matchesSearchRequest(each as unknown as R4, { ...request, filters: others })),
  );
}

/** `undefined` where the index does not have what is asked for. */
function indexed(store: ResourceStore, type: string, { code, operator, value }: Filter, isReference: boolean): Set<Resource> | undefined {
  if (operator !== 'eq') return undefined;
  const values = splitSearchOnComma(value);
  if (code === '_id') return new Set(values.flatMap((id) => store.get(type, id) ?? []));
  if (code === '_tag') return new Set(values.flatMap((each) => store.by(type, `tag ${each}`)));
  if (code === 'identifier') return new Set(values.flatMap((each) => store.by(type, `identifier ${each}`)));
  if (!isReference || values.some((each) => !each.includes('/'))) return undefined;
  const candidates = values.flatMap((each) => store.by(type, `reference ${each}`));
  const request = { resourceType: type as R4['resourceType'], filters: [{ code, operator, value }] };
  return new Set(candidates.filter((each) => matchesSearchRequest(each as unknown as R4, request)));
}

/** Made once for a search: it is asked of every resource. */
function withinBound({ operator, value }: Filter, precision: FhirBehaviour['stamps']): (resource: Resource) => boolean {
  const bound = Date.parse(value);
  const exact = (at: number): boolean => {
    if (operator === 'gt' || operator === 'sa') return at > bound;
    if (operator === 'ge') return at >= bound;
    if (operator === 'lt' || operator === 'eb') return at < bound;
    if (operator === 'le') return at <= bound;
    return operator === 'ne' ? at !== bound : at === bound;
  };
  return ({ meta }) => {
    const at = timeOf(meta?.lastUpdated ?? '');
    // OpenMRS, observed: gt and lt include the second that they name, and what is smaller does not
    // count.
    if (precision === 's' && Math.floor(at / 1_000) === Math.floor(bound / 1_000)) return operator !== 'ne';
    return exact(at);
  };
}

const times = new Map<string, number>();

/** Stamps come again and again. */
function timeOf(stamp: string): number {
  let time = times.get(stamp);
  if (time === undefined) {
    if (times.size > 200_000) times.clear();
    time = Date.parse(stamp);
    times.set(stamp, time);
  }
  return time;
}

function sorted(found: Resource[], { sortRules = [] }: SearchRequest, { sorts }: FhirBehaviour): Resource[] {
  if (sortRules.length === 0 || sorts === false) return found;
  const partOf = ({ id }: Resource): number => id.charCodeAt(id.length - 1) % 2;
  return [...found].sort((a, b) => {
    if (sorts === 'parts' && partOf(a) !== partOf(b)) return partOf(a) - partOf(b);
    for (const { code, descending = false } of sortRules) {
      const [left, right] = [sortKey(a, code), sortKey(b, code)];
      if (left !== right) return left < right !== descending ? -1 : 1;
    }
    return 0;
  });
}

function sortKey(resource: Resource, code: string): string {
  if (code === '_lastUpdated') return resource.meta?.lastUpdated ?? '';
  if (code === '_id') return resource.id;
  throw refusal('unknown-sort', 'not-supported', 'This server sorts by _id and _lastUpdated alone');
}
