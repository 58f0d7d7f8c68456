import type { Context, WriteRequest } from '../connector.js';
import type { FhirClient } from './client.js';
import { ORIGIN_TAG, originCode } from './identity.js';
import { hasIdentifier, originOf, type StoredResource } from './resource.js';
import { searchAll } from './search.js';

/** What the server has of these requests' records: by tag, and by business key. */
export class Looked {
  private readonly byOrigin = new Map<string, StoredResource[]>();
  private readonly keyed: StoredResource[] = [];

  /** Adds a resource found by tag, if it has a tag that was asked for. */
  add(resource: StoredResource): void {
    const origin = originOf(resource);
    if (origin === undefined) return;
    const others = this.byOrigin.get(origin) ?? [];
    if (!others.some((each) => each.id === resource.id && each.resourceType === resource.resourceType))
      this.byOrigin.set(origin, [...others, resource]);
  }

  addKeyed(resource: StoredResource): void {
    this.keyed.push(resource);
  }

  of(codes: string[]): StoredResource[] {
    return codes.flatMap((code) => this.byOrigin.get(code) ?? []);
  }

  withKey(type: string, system: string | undefined, value: string): StoredResource[] {
    const found = this.keyed.filter((each) => each.resourceType === type && hasIdentifier(each, system, value));
    return [...new Map(found.map((each) => [each.id, each])).values()];
  }
}

/** The codes a record's resources may be tagged with: its own, and those of the entity type's earlier names. */
export function codesOf(request: WriteRequest, formerly: string[]): string[] {
  return [request.origin.entityType, ...formerly].map((entityType) => originCode({ ...request.origin, entityType }));
}

/** Asks, in few calls, for all that was written for these records before, under whatever resource name, and for what their keys name. */
export async function look(client: FhirClient, requests: WriteRequest[], types: string[], formerly: string[], c: Context): Promise<Looked> {
  const looked = new Looked();
  const tags = requests.flatMap((request) => codesOf(request, formerly)).map((code) => `${ORIGIN_TAG}|${code}`);
  const keys = requests.flatMap(({ resources }) =>
    resources.flatMap(({ type, key }) =>
      key ? [{ type, token: key.system !== undefined ? `${key.system}|${key.value}` : key.value }] : [],
    ),
  );
  await Promise.all([
    ...types.map(async (type) => {
      for (const resource of await searchAll(client, type, '_tag', tags, c)) looked.add(resource);
    }),
    ...[...new Set(keys.map(({ type }) => type))].map(async (type) => {
      const tokens = keys.filter((key) => key.type === type).map(({ token }) => token);
      for (const resource of await searchAll(client, type, 'identifier', tokens, c)) looked.addKeyed(resource);
    }),
  ]);
  return looked;
}
