export interface Resource {
  resourceType: string;
  id: string;
  meta?: { versionId?: string; lastUpdated?: string; tag?: { system?: string; code?: string }[] };
  identifier?: { system?: string; value?: string }[];
  [key: string]: unknown;
}

/** FHIR resources in memory, indexed by type and id, tag, identifier and reference, with real roll-back. */
export class FhirRepository {
  private readonly types = new Map<string, Map<string, Resource>>();
  private readonly index = new Map<string, Set<Resource>>();
  private readonly removed = new Set<string>();
  private undo: (() => void)[] | undefined;

  get(type: string, id: string): Resource | undefined {
    return this.types.get(type)?.get(id);
  }

  wasRemoved(type: string, id: string): boolean {
    return this.removed.has(`${type}/${id}`);
  }

  all(type?: string): Resource[] {
    return type !== undefined
      ? [...(this.types.get(type)?.values() ?? [])]
      : [...this.types.values()].flatMap((each) => [...each.values()]);
  }

  /** Stores a resource as its next version. */
  put(resource: Resource): { resource: Resource; created: boolean } {
    const { resourceType: type, id } = resource;
    const old = this.get(type, id);
    const versionId = String(Number(old?.meta?.versionId ?? '0') + 1);
    const stored: Resource = { ...resource, meta: { ...resource.meta, versionId, lastUpdated: new Date().toISOString() } };
    this.swap(type, id, stored);
    return { resource: stored, created: old === undefined };
  }

  remove(type: string, id: string): boolean {
    if (!this.get(type, id)) return false;
    this.swap(type, id, undefined);
    return true;
  }

  /** Of a type, by what `keysOf` says of resources: `tag …`, `identifier …`, `reference …`. */
  by(type: string, key: string): Resource[] {
    return [...(this.index.get(key) ?? [])].filter((each) => each.resourceType === type);
  }

  isReferenced(reference: string): boolean {
    return (this.index.get(`reference ${reference}`)?.size ?? 0) > 0;
  }

  /** All or nothing. */
  transaction<T>(work: () => T): T {
    const undo: (() => void)[] = [];
    this.undo = undo;
    try {
      return work();
    } catch (error) {
      this.undo = undefined;
      for (const step of undo.reverse()) step();
      throw error;
    } finally {
      this.undo = undefined;
    }
  }

  private swap(type: string, id: string, next: Resource | undefined): void {
    const table = this.types.get(type) ?? new Map<string, Resource>();
    this.types.set(type, table);
    const old = table.get(id);
    if (old) for (const key of keysOf(old)) this.index.get(key)?.delete(old);
    if (next) {
      table.set(id, next);
      this.removed.delete(`${type}/${id}`);
      for (const key of keysOf(next)) this.index.set(key, (this.index.get(key) ?? new Set()).add(next));
    } else {
      table.delete(id);
      this.removed.add(`${type}/${id}`);
    }
    this.undo?.push(() => this.swap(type, id, old));
  }
}

function keysOf(resource: Resource): string[] {
  const tags = (resource.meta?.tag ?? []).map(({ system, code }) => `tag ${system ?? ''}|${code ?? ''}`);
  const identifiers = (Array.isArray(resource.identifier) ? resource.identifier : []).flatMap(({ system, value }) => [
    `identifier ${system ?? ''}|${value ?? ''}`,
    `identifier ${value ?? ''}`,
  ]);
  return [...tags, ...identifiers, ...referencesOf(resource).map((reference) => `reference ${reference}`)];
}

/** Every relative reference in a resource. */
export function referencesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => (key === 'reference' && typeof each === 'string' ? [each] : referencesOf(each)));
}
