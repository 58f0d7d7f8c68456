import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type OperationOutcomeError, type SearchRequest, type WithId } from '@medplum/core';
import {
  FhirRepository as RouterRepository,
  type CreateResourceOptions,
  type ReadHistoryOptions,
  type UpdateResourceOptions,
} from '@medplum/fhir-router';
import type { Bundle, Reference, Resource as R4 } from '@medplum/fhirtypes';
import { usualBehaviour, type FhirBehaviour } from './behaviour.js';
import { failing, notSupported, refusal, stale, unprocessable } from './outcomes.js';
import { mergedMeta, metaWithout } from './meta.js';
import { referencesOf, type Meta, type Resource } from './resource.js';
import { SearchPages } from './search-page.js';
import { ResourceStore, type Version } from './store.js';
import { validate } from './validate.js';

/**
 * What the router reads and writes: a store in memory with rules over it. Every resource is
 * validated before it is stored; a transaction that fails leaves nothing behind. The methods
 * without a promise are for tests, and know no rules.
 */
export class FhirRepository extends RouterRepository<undefined> {
  private readonly store = new ResourceStore(() => this.behaviour.stamps);
  /** Searches, page by page. */
  readonly pages: SearchPages;
  /** Where the server is reached, for what tells of it. */
  base = '';
  /** Ids that this server chose. */
  private readonly generated = new Set<string>();
  private readonly firstVersions = new WeakSet<object>();
  /** What a transaction has written or deleted, judged at its end. */
  private touched: { put: Resource[]; removed: string[] } | undefined;

  constructor(readonly behaviour: FhirBehaviour = { ...usualBehaviour }) {
    super();
    this.pages = new SearchPages(this.store, behaviour, () => this.base);
  }

  get(type: string, id: string): Resource | undefined {
    return this.store.get(type, id);
  }

  all(type?: string): Resource[] {
    return this.store.all(type);
  }

  /** Of a type, by `tag system|code`, `identifier system|value` or `reference Type/id`. */
  by(type: string, key: string): Resource[] {
    return this.store.by(type, key);
  }

  wasRemoved(type: string, id: string): boolean {
    return this.store.wasRemoved(type, id);
  }

  /** Stores a resource as its next version, unchecked, stamped with an instant. */
  put(resource: Resource, time?: number): { resource: Resource; created: boolean } {
    const stored = this.store.put(resource, time);
    if (stored.created) this.firstVersions.add(stored.resource);
    return stored;
  }

  remove(type: string, id: string, time?: number): boolean {
    return this.store.remove(type, id, time);
  }

  /**
   * What became of all resources of a type since an instant, the last first. @throws
   * OperationOutcomeError
   */
  typeHistory(type: string, since: string | null, { offset, count }: { offset: number; count: number }): object {
    if (!this.behaviour.typeHistory) throw notSupported('There is no history of a type here');
    const all = this.store.typeHistory(type).filter(({ version }) => since === null || Date.parse(version.at) >= Date.parse(since));
    const next = `${type}/_history?${since === null ? '' : `_since=${since}&`}_count=${count}&_offset=${offset + count}`;
    return {
      resourceType: 'Bundle',
      type: 'history',
      total: all.length,
      link: offset + count < all.length ? [{ relation: 'next', url: next }] : [],
      entry: all.slice(offset, offset + count).map(({ id, version }) => historyEntry(version, `${type}/${id}`)),
    };
  }

  /** Whether this is the version that a resource began with, also anew after a deletion. */
  isFirst(resource: object): boolean {
    return this.firstVersions.has(resource);
  }

  override setMode(): void {
    // There is one copy to read from and to write to.
  }

  override generateId(): string {
    const id = randomUUID();
    this.generated.add(id);
    return id;
  }

  override async createResource<T extends R4>(resource: T, options?: CreateResourceOptions): Promise<WithId<T>> {
    const id = options?.assignedId && resource.id !== undefined ? resource.id : this.generateId();
    return this.write({ ...resource, id });
  }

  override async updateResource<T extends R4>(resource: T, options?: UpdateResourceOptions): Promise<WithId<T>> {
    const stored = this.store.get(resource.resourceType, resource.id ?? '');
    if (!stored && !this.behaviour.clientIds && !this.generated.has(resource.id ?? ''))
      throw refusal('not-found', 'not-found', `There is no ${resource.resourceType} of this id`);
    if (options?.ifMatch !== undefined && stored?.meta?.versionId !== options.ifMatch) throw stale(this.behaviour.staleIfMatch);
    const whole = stored && this.behaviour.mergesMeta ? { ...resource, meta: mergedMeta(stored.meta, resource.meta as Meta) } : resource;
    if (stored && !this.behaviour.versionOfSame && isDeepStrictEqual(withoutVersion(whole), withoutVersion(stored)))
      return stored as unknown as WithId<T>;
    return this.write(whole);
  }

  /**
   * What `$validate` looks at. @throws OperationOutcomeError where the resource would be refused,
   * or there is no such operation
   */
  wouldTake(resource: Resource): void {
    if (!this.behaviour.validation) throw notSupported('There is no $validate here');
    if (this.behaviour.validates) validate(resource as unknown as R4);
    if (this.behaviour.rules) refuseUnborn(resource);
  }

  /**
   * Takes tags, security labels and profiles away; no new version comes of it. @throws
   * OperationOutcomeError
   */
  metaDelete(type: string, id: string, gone: Meta): Resource {
    if (!this.behaviour.metaDelete) throw notSupported('There is no $meta-delete here');
    const stored = this.store.get(type, id);
    if (!stored) throw this.absent(type, id);
    return this.store.amend(stored, metaWithout(stored.meta, gone));
  }

  override async deleteResource(type: string, id: string): Promise<void> {
    const reference = `${type}/${id}`;
    if (this.behaviour.strict && !this.touched) this.refuseIfReferenced(reference);
    if (!this.store.remove(type, id)) throw this.absent(type, id);
    this.touched?.removed.push(reference);
  }

  override async patchResource(): Promise<never> {
    throw notSupported('There is no PATCH here: write the whole resource');
  }

  override async readResource<T extends R4>(type: string, id: string): Promise<WithId<T>> {
    const resource = this.store.get(type, id);
    if (!resource) throw this.absent(type, id);
    if (this.behaviour.failsOn.includes(id)) throw failing();
    return resource as unknown as WithId<T>;
  }

  override async readReference<T extends R4>({ reference = '' }: Reference<T>): Promise<WithId<T>> {
    const [type = '', id = ''] = reference.split('/');
    return this.readResource(type, id);
  }

  override async readReferences<T extends R4>(references: readonly Reference<T>[]): Promise<(T | Error)[]> {
    return Promise.all(references.map((each) => this.readReference(each).catch((error: unknown) => error as Error)));
  }

  override async readHistory<T extends R4>(
    type: string,
    id: string,
    { offset = 0, limit = 100 }: ReadHistoryOptions = {},
  ): Promise<Bundle<WithId<T>>> {
    if (!this.behaviour.history) throw notSupported('There is no history here');
    const versions = this.store.history(type, id);
    if (versions.length === 0) throw this.absent(type, id);
    const entry = [...versions]
      .reverse()
      .slice(offset, offset + limit)
      .map((version) => historyEntry(version, `${type}/${id}`));
    return { resourceType: 'Bundle', type: 'history', total: versions.length, entry } as unknown as Bundle<WithId<T>>;
  }

  override async readVersion<T extends R4>(type: string, id: string, versionId: string): Promise<WithId<T>> {
    const version = this.store.history(type, id).find((each) => each.versionId === versionId);
    if (!version?.resource)
      throw version
        ? refusal('gone', 'deleted', `${type}/${id} was deleted in version ${versionId}`)
        : refusal('not-found', 'not-found', `${type}/${id} has no version ${versionId}`);
    return version.resource as unknown as WithId<T>;
  }

  override async search<T extends R4>(request: SearchRequest<T>): Promise<Bundle<WithId<T>>> {
    return this.pages.page(request) as unknown as Bundle<WithId<T>>;
  }

  override async searchByReference<T extends R4>(
    request: SearchRequest<T>,
    field: string,
    references: string[],
  ): Promise<Record<string, WithId<T>[]>> {
    const found = references.map(async (value) => {
      const filters = [...(request.filters ?? []), { code: field, operator: 'eq' as const, value }];
      return [value, await this.searchResources({ ...request, filters })] as const;
    });
    return Object.fromEntries(await Promise.all(found));
  }

  /** All or nothing; one inside another is part of it. References are judged at the end. */
  override async withTransaction<TResult>(work: (client: undefined) => Promise<TResult>): Promise<TResult> {
    if (this.store.inTransaction) return work(undefined);
    this.store.begin();
    this.touched = { put: [], removed: [] };
    try {
      const result = await work(undefined);
      if (this.behaviour.strict) {
        this.touched.put.forEach((resource) => this.refuseDangling(resource));
        this.touched.removed.forEach((reference) => this.refuseIfReferenced(reference));
      }
      this.store.commit();
      return result;
    } catch (error) {
      this.store.rollBack();
      throw error;
    } finally {
      this.touched = undefined;
    }
  }

  private write<T extends R4>(given: T): WithId<T> {
    if (this.behaviour.validates) validate(given);
    const resource = given as unknown as Resource;
    if (this.behaviour.rules) refuseUnborn(resource);
    if (this.touched) this.touched.put.push(resource);
    else if (this.behaviour.strict) this.refuseDangling(resource);
    return this.put(resource).resource as unknown as WithId<T>;
  }

  private refuseDangling(resource: Resource): void {
    // What the same transaction has deleted again needs no parents.
    if (!this.store.get(resource.resourceType, resource.id) && this.touched) return;
    for (const reference of referencesOf(resource)) {
      const [type = '', id = ''] = reference.split('/');
      if (!this.store.get(type, id) && reference !== `${resource.resourceType}/${resource.id}`)
        throw refusal('business-rule', 'not-found', `Resource ${reference} not found`);
    }
  }

  private refuseIfReferenced(reference: string): void {
    const [type = '', id = ''] = reference.split('/');
    if (this.store.isReferenced(reference) && !(this.touched && this.store.get(type, id)))
      throw refusal('conflict', 'conflict', `${reference} is referenced`);
  }

  private absent(type: string, id: string): OperationOutcomeError {
    return this.store.wasRemoved(type, id) && this.behaviour.removedStatus === 410
      ? refusal('gone', 'deleted', `${type}/${id} was deleted`)
      : refusal('not-found', 'not-found', `There is no ${type}/${id}`);
  }
}

function refuseUnborn({ birthDate }: Resource): void {
  if (typeof birthDate === 'string' && birthDate > new Date().toISOString())
    throw unprocessable(refusal('unborn', 'business-rule', `Rule person.birthdate: birthDate ${birthDate} is in the future`).outcome);
}

function withoutVersion({ meta, ...rest }: object & { meta?: object }): object {
  return { ...rest, meta: { ...meta, versionId: undefined, lastUpdated: undefined } };
}

function historyEntry({ versionId, at, resource }: Version, url: string): object {
  const response = { status: resource ? '200' : '204', etag: `W/"${versionId}"`, lastModified: at };
  return { fullUrl: url, ...(resource ? { resource } : {}), request: { method: resource ? 'PUT' : 'DELETE', url }, response };
}
