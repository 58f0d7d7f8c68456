import { evalFhirPath, formatSearchQuery, getSearchParameter, type SearchRequest } from '@medplum/core';
import { randomUUID } from 'node:crypto';
import type { FhirBehaviour } from './behaviour.js';
import { failing, refusal } from './outcomes.js';
import { referencesOf, type Resource } from './resource.js';
import { searchStore } from './search.js';
import type { ResourceStore } from './store.js';

const USUAL_COUNT = 100;
/** Paths before a `next` link’s query that leads nowhere good. */
const WRONG = { elsewhere: '/admin/delete', foreign: 'http://127.0.0.2:9/fhir/' } as const;

/** Searches whose pages may still be asked for, by opaque links, as HAPI keeps them. */
interface Kept {
  request: SearchRequest;
  ids: string[];
}

/** Gives searches page by page. */
export class SearchPages {
  private readonly kept = new Map<string, Kept>();

  /** `base`: where the server is reached, once that is known. */
  constructor(
    private readonly store: ResourceStore,
    private readonly behaviour: FhirBehaviour,
    private readonly base: () => string,
  ) {}

  /** One page of a search. */
  page(request: SearchRequest): object {
    const { offset = 0 } = request;
    const found = searchStore(this.store, request, this.behaviour);
    const count = this.countOf(request);
    const more = offset + count < found.length && count > 0;
    return this.bundle(found, request, offset, more ? this.next(request, found, offset + count) : undefined);
  }

  /**
   * A further page of a search that is kept; what was deleted since is not in it, and what was
   * changed is as it is now.
   */
  further(id: string, offset: number): object {
    const kept = this.behaviour.forgetsPages ? undefined : this.kept.get(id);
    if (!kept) throw refusal('gone', 'deleted', 'The search is not known any more');
    const { request, ids } = kept;
    const found = ids.map((each) => this.store.get(request.resourceType, each));
    const next = offset + this.countOf(request);
    return this.bundle(found, request, offset, next < ids.length ? this.opaque(id, next) : undefined);
  }

  private countOf({ count = USUAL_COUNT }: SearchRequest): number {
    const { maxCount } = this.behaviour;
    return maxCount > 0 ? Math.min(count, maxCount) : count;
  }

  private bundle(found: (Resource | undefined)[], request: SearchRequest, offset: number, next: string | undefined): object {
    const { resourceType: type } = request;
    const { totals, links, searchAdds, failsOn, nextLinks } = this.behaviour;
    const page = found.slice(offset, offset + this.countOf(request)).filter((each) => each !== undefined);
    if (!request.fields && page.some(({ id }) => failsOn.includes(id))) throw failing();
    const added = this.store
      .all(type)
      .filter((each) => searchAdds > 0 && !page.includes(each))
      .slice(0, searchAdds);
    const url = nextLinks === 'endless' ? this.next(request, found, offset + 1) : next;
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      ...(totals || request.total === 'accurate' ? { total: found.length } : {}),
      ...(links ? { link: [{ relation: 'self', url: type }, ...(url === undefined ? [] : [{ relation: 'next', url }])] } : {}),
      entry: [
        ...[...page, ...added].map((each) => entryOf(request.fields ? thin(each, request.fields) : each, 'match')),
        ...this.included(page, request).map((each) => entryOf(each, 'include')),
      ],
    };
  }

  private next(request: SearchRequest, found: (Resource | undefined)[], offset: number): string {
    const { resourceType: type } = request;
    const { nextLinks: kind } = this.behaviour;
    const of = (start: number): string => formatSearchQuery({ ...request, count: request.count ?? USUAL_COUNT, offset: start });
    const query = of(offset);
    if (kind === 'opaque') {
      const id = randomUUID();
      this.kept.set(id, { request, ids: found.flatMap((each) => each?.id ?? []) });
      return this.opaque(id, offset);
    }
    if (kind === 'elsewhere' || kind === 'foreign') return `${WRONG[kind]}${query}`;
    if (kind === 'self') return `${type}${of(request.offset ?? 0)}`;
    if (kind === 'path') return `/fhir/${type}${query}`;
    if (kind === 'query') return query;
    return kind === 'absolute' ? `${this.base()}/fhir/${type}${query}` : `${type}${query}`;
  }

  private opaque(id: string, offset: number): string {
    return `${this.base()}/fhir?_getpages=${id}&_getpagesoffset=${offset}&_bundletype=searchset`;
  }

  private included(page: Resource[], { include = [] }: SearchRequest): Resource[] {
    const references = include.flatMap(({ resourceType, searchParam }) => {
      const { expression } = getSearchParameter(resourceType, searchParam) ?? {};
      if (expression === undefined) throw refusal('unknown-include', 'processing', `Unknown _include ${searchParam} of ${resourceType}`);
      const own = page.filter((each) => each.resourceType === resourceType);
      return own.flatMap((each) => referencesOf(evalFhirPath(expression, each)));
    });
    const found = [...new Set(references)].flatMap((reference) => {
      const [type = '', id = ''] = reference.split('/');
      return this.store.get(type, id) ?? [];
    });
    const { joins } = this.behaviour;
    return joins === 'some' ? found.filter((_each, index) => index % 2 === 1) : joins ? found : [];
  }
}

function entryOf(resource: object & { resourceType: string; id: string }, mode: string): object {
  return { fullUrl: `${resource.resourceType}/${resource.id}`, resource, search: { mode } };
}

/** With the elements that were asked for alone, and the tag that R4 wants on such a one. */
function thin(resource: Resource, fields: string[]): Resource {
  const members = Object.entries(resource).filter(([name]) => ['resourceType', 'id', ...fields].includes(name));
  return { ...(Object.fromEntries(members) as Resource), meta: { ...resource.meta, tag: [...(resource.meta?.tag ?? []), SUBSETTED] } };
}

const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };
