import type { RecordError } from '../../errors/record-error.js';
import type { Context, Key, Origin, WriteRequest } from '../connector.js';
import { together } from '../together.js';
import type { FhirClient } from './client.js';
import { ORIGIN_TAG, originCode, originOfCode } from './identity.js';
import { identifierOf } from './keys.js';
import { hasIdentifier, originsOf, type StoredResource } from './resource.js';
import { searchAll, type Searched } from './search.js';

/** What the server has of these requests' records: by tag, and by business key. */
export class Looked {
  private readonly byOrigin = new Map<string, StoredResource[]>();
  private readonly keyed: StoredResource[] = [];
  private readonly broken = new Map<string, RecordError>();

  /** Adds a resource found by tag, if it has a tag that was asked for. */
  add(resource: StoredResource): void {
    for (const origin of originsOf(resource)) {
      const others = this.byOrigin.get(origin);
      if (!others) this.byOrigin.set(origin, [resource]);
      else if (!others.some((each) => isSame(each, resource))) others.push(resource);
    }
  }

  /** Adds what keys name. */
  addKeyed({ found, broken }: Searched): void {
    this.keyed.push(...found);
    this.addBroken(broken);
  }

  /** Adds values on which the server fails. */
  addBroken(broken: Searched['broken']): void {
    for (const [value, error] of broken) this.broken.set(value, error);
  }

  /**
   * The error of this request where the server fails on one of its values, or cannot be asked for
   * it.
   */
  brokenOf(request: WriteRequest, formerly: string[]): RecordError | undefined {
    if (this.broken.size === 0) return undefined;
    return [...tagsOf(request.origin, formerly), ...request.resources.flatMap(({ key }) => (key ? tokenOf(key) : []))]
      .map((value) => this.broken.get(value))
      .find((error) => error !== undefined);
  }

  of(codes: string[]): StoredResource[] {
    const found = codes.flatMap((code) => this.byOrigin.get(code) ?? []);
    return codes.length === 1 ? found : found.filter((each, index) => found.findIndex((other) => isSame(other, each)) === index);
  }

  withKey(type: string, system: string | undefined, value: string): StoredResource[] {
    const found = this.keyed.filter((each) => each.resourceType === type && hasIdentifier(each, system, value));
    return [...new Map(found.map((each) => [each.id, each])).values()];
  }
}

function isSame(a: StoredResource, b: StoredResource): boolean {
  return a.id === b.id && a.resourceType === b.resourceType;
}

/**
 * The codes a record's resources may be tagged with: its own, and those of the entity type's
 * earlier names.
 */
export function codesOf(origin: Origin, formerly: string[]): string[] {
  return [origin.entityType, ...formerly].map((entityType) => originCode({ ...origin, entityType }));
}

/** Origins of which no version of a resource is what it was before it was taken over. */
export function codesAround(resource: StoredResource, { origin }: WriteRequest, formerly: string[]): string[] {
  const others = originsOf(resource).flatMap((code) => {
    const other = originOfCode(code);
    return other?.entityType === origin.entityType ? codesOf(other, formerly) : [code];
  });
  return [...new Set([...codesOf(origin, formerly), ...others])];
}

function tagsOf(origin: Origin, formerly: string[]): string[] {
  return codesOf(origin, formerly).map((code) => `${ORIGIN_TAG}|${code}`);
}

function tokenOf({ system, value }: Key): string {
  return system !== undefined ? `${system}|${value}` : value;
}

/**
 * Asks, in few calls, for all that was written for these records before, under whatever resource
 * name.
 */
export async function lookByTag(client: FhirClient, origins: Origin[], types: string[], formerly: string[], c: Context): Promise<Looked> {
  const looked = new Looked();
  const tags = origins.flatMap((origin) => tagsOf(origin, formerly));
  await together<void[]>(
    types.map((type) => async (each) => {
      const { found, broken } = await searchAll(client, type, '_tag', tags, each);
      for (const resource of found) looked.add(resource);
      looked.addBroken(broken);
    }),
    c,
  );
  return looked;
}

/** Asks for what the keys of these requests name. */
export async function lookByKey(client: FhirClient, requests: WriteRequest[], c: Context): Promise<Searched[]> {
  const keys = requests.flatMap(({ resources }) => resources.flatMap(({ type, key }) => (key ? [{ type, token: tokenOf(key) }] : [])));
  return together<Searched[]>(
    // Where a type has no identifier, a search for one is refused, as if the system were sick.
    [...new Set(keys.map(({ type }) => type))]
      .filter((type) => identifierOf(type) !== 'none')
      .map((type) => {
        const tokens = keys.filter((key) => key.type === type).map(({ token }) => token);
        return (each) => searchAll(client, type, 'identifier', tokens, each);
      }),
    c,
  );
}
