import { keysOf, type Resource } from './resource.js';

/** One state of a resource; `resource` is absent where that version is its deletion. */
export interface Version {
  versionId: string;
  at: string;
  resource?: Resource;
}

/**
 * FHIR resources in memory, indexed by type and id, tag, identifier and reference, with their
 * versions and real roll-back.
 */
export class ResourceStore {
  private readonly types = new Map<string, Map<string, Resource>>();
  private readonly index = new Map<string, Set<Resource>>();
  private readonly versions = new Map<string, Version[]>();
  private undo: (() => void)[] | undefined;

  get(type: string, id: string): Resource | undefined {
    return this.types.get(type)?.get(id);
  }

  all(type?: string): Resource[] {
    if (type !== undefined) return [...(this.types.get(type)?.values() ?? [])];
    return [...this.types.values()].flatMap((each) => [...each.values()]);
  }

  /** Of a type, by what `keysOf` says of resources. */
  by(type: string, key: string): Resource[] {
    return [...(this.index.get(key) ?? [])].filter((each) => each.resourceType === type);
  }

  isReferenced(reference: string): boolean {
    return (this.index.get(`reference ${reference}`)?.size ?? 0) > 0;
  }

  /** Oldest first; empty where there never was such a resource. */
  history(type: string, id: string): readonly Version[] {
    return this.versions.get(`${type}/${id}`) ?? [];
  }

  wasRemoved(type: string, id: string): boolean {
    const last = this.history(type, id).at(-1);
    return last !== undefined && last.resource === undefined;
  }

  /** `stamps`: whether those of what is stored are whole seconds. */
  constructor(private readonly stamps: () => 'ms' | 's' = () => 'ms') {}

  /**
   * Stores a resource as its next version, stamped with an instant; versions go on after a
   * deletion.
   */
  put(resource: Resource, time = Date.now()): { resource: Resource; created: boolean } {
    const { resourceType: type, id } = resource;
    const [versionId, at] = [this.nextVersion(type, id), this.stampOf(time)];
    const stored: Resource = { ...resource, meta: { ...resource.meta, versionId, lastUpdated: at } };
    const created = this.get(type, id) === undefined;
    this.record(type, id, { versionId, at, resource: stored });
    this.swap(type, id, stored);
    return { resource: stored, created };
  }

  /** Changes the `meta` of the version that is stored, without making another. */
  amend(resource: Resource, meta: Resource['meta']): Resource {
    const { resourceType: type, id } = resource;
    const amended: Resource = { ...resource, ...(meta ? { meta } : {}) };
    const last = this.versions.get(`${type}/${id}`)?.at(-1);
    if (last) last.resource = amended;
    this.undo?.push(() => {
      if (last) last.resource = resource;
    });
    this.swap(type, id, amended);
    return amended;
  }

  /** @returns whether there was one. */
  remove(type: string, id: string, time = Date.now()): boolean {
    if (!this.get(type, id)) return false;
    this.record(type, id, { versionId: this.nextVersion(type, id), at: this.stampOf(time) });
    this.swap(type, id, undefined);
    return true;
  }

  begin(): void {
    this.undo = [];
  }

  get inTransaction(): boolean {
    return this.undo !== undefined;
  }

  commit(): void {
    this.undo = undefined;
  }

  /** Takes back everything since `begin`, the last first. */
  rollBack(): void {
    const steps = this.undo ?? [];
    this.undo = undefined;
    for (const step of steps.reverse()) step();
  }

  /** Versions of all resources of a type, the last first. */
  typeHistory(type: string): { id: string; version: Version }[] {
    const all = [...this.versions].filter(([key]) => key.startsWith(`${type}/`));
    const list = all.flatMap(([key, versions]) => versions.map((version) => ({ id: key.slice(type.length + 1), version })));
    return list.sort((a, b) => (a.version.at < b.version.at ? 1 : -1));
  }

  private stampOf(time: number): string {
    const stamp = new Date(time).toISOString();
    return this.stamps() === 's' ? `${stamp.slice(0, 19)}+00:00` : stamp;
  }

  private nextVersion(type: string, id: string): string {
    return String(this.history(type, id).length + 1);
  }

  private record(type: string, id: string, version: Version): void {
    const key = `${type}/${id}`;
    const list = this.versions.get(key);
    if (list) list.push(version);
    else this.versions.set(key, [version]);
    this.undo?.push(() => {
      this.versions.get(key)?.pop();
      if (this.versions.get(key)?.length === 0) this.versions.delete(key);
    });
  }

  private swap(type: string, id: string, next: Resource | undefined): void {
    const table = this.types.get(type) ?? new Map<string, Resource>();
    this.types.set(type, table);
    const old = table.get(id);
    if (old) this.leaveIndex(old);
    if (next) {
      table.set(id, next);
      for (const key of keysOf(next)) this.enterIndex(key, next);
    } else table.delete(id);
    this.undo?.push(() => this.swap(type, id, old));
  }

  private enterIndex(key: string, resource: Resource): void {
    const set = this.index.get(key);
    if (set) set.add(resource);
    else this.index.set(key, new Set([resource]));
  }

  private leaveIndex(resource: Resource): void {
    for (const key of keysOf(resource)) {
      const set = this.index.get(key);
      set?.delete(resource);
      if (set?.size === 0) this.index.delete(key);
    }
  }
}
