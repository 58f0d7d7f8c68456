import type { Context, WriteOutcome, WriteRequest, WriteResource } from '../connector.js';
import { resourceId } from '../derived-id.js';
import { ID_TAG, SHARED_TAG } from './identity.js';
import { withKey } from './keys.js';
import { lookByKey, Looked } from './look.js';
import type { FhirClient } from './client.js';
import { together } from '../together.js';
import { refused } from './operations.js';
import { replacePlaceholders } from './placeholders.js';
import { derivedIdOf, referenceTo, type StoredResource } from './resource.js';
import { searchAll, type Searched } from './search.js';
import { searchBy } from './targets.js';
import type { SharedIds } from './plan-context.js';
import type { FhirWriter, Written } from './writer.js';

/** In place of an entity type's name, which has no space: ids derived with it are nobody's else. */
const NOBODY = 'shared by all';

/** A shared resource that some requests need. */
interface Needed {
  resource: WriteResource;
  id: string;
  /** Of the first that brings it. */
  request: WriteRequest;
}

/**
 * Finds what requests share by its key, and makes what is not there yet: once, however many need
 * it, and before them. What is there is left alone. `writer`: absent where nothing is to be
 * written. One answer per request, in order. @throws SystemFailure where looking fails
 */
export async function shareAll(
  client: FhirClient,
  requests: WriteRequest[],
  writer: FhirWriter | undefined,
  c: Context,
): Promise<SharedIds[]> {
  const sharing = requests.map((request) => ({ ...request, resources: request.resources.filter(({ shared }) => shared) }));
  if (sharing.every(({ resources }) => resources.length === 0)) return requests.map(() => new Map());
  const looked = await lookedByKey(client, sharing, c);
  const ids = new Map<string, string>();
  const wrong = new Map<string, WriteOutcome>();
  const absent = new Map<string, Needed>();
  for (const request of sharing)
    for (const resource of request.resources) {
      const name = nameOf(resource);
      if (ids.has(name) || wrong.has(name) || absent.has(name)) continue;
      const broken = looked.brokenOf({ ...request, resources: [resource] }, []);
      const found = looked.withKey(resource.type, resource.key?.system, resource.key?.value ?? '');
      const [first, second] = found;
      if (broken) wrong.set(name, { kind: 'refused', error: broken });
      else if (second) wrong.set(name, ambiguous(resource, found));
      else if (first) ids.set(name, first.id);
      else absent.set(name, { resource, request, id: resourceId(request.origin.integration, NOBODY, [], name, 'main') });
    }
  await leaveAlone(client, absent, { ids, wrong }, c);
  if (writer) await makeAll([...absent], { client, ids, wrong, writer, c });
  else for (const [name, { id }] of absent) ids.set(name, id);
  return sharing.map(({ resources }) => {
    const failed = resources.map((each) => wrong.get(nameOf(each))).find((each) => each !== undefined);
    return failed ?? new Map(resources.map((each) => [each.name, ids.get(nameOf(each)) ?? '']));
  });
}

/**
 * What was made for its key before, and has another one now, or is not shown by it: somebody
 * changed it, and to make it again would be to write over that.
 */
async function leaveAlone(
  client: FhirClient,
  absent: Map<string, Needed>,
  { ids, wrong }: Pick<Making, 'ids' | 'wrong'>,
  c: Context,
): Promise<void> {
  const parameter = client.settings.ids === 'server' ? '_tag' : '_id';
  const valueOf = ({ id }: Needed): string => (parameter === '_tag' ? `${ID_TAG}|${id}` : id);
  const types = [...new Set([...absent.values()].map(({ resource }) => resource.type))];
  const searched = await together<Searched[]>(
    types.map((type) => {
      const values = [...absent.values()].filter(({ resource }) => resource.type === type).map(valueOf);
      return (each) => searchAll(client, type, parameter, values, each);
    }),
    c,
  );
  for (const [name, needed] of absent) {
    const { type } = needed.resource;
    const found = searched.flatMap((each) => each.found).find((each) => each.resourceType === type && derivedIdOf(each) === needed.id);
    const error = searched.map(({ broken }) => broken.get(valueOf(needed))).find((each) => each !== undefined);
    if (found) ids.set(name, found.id);
    else if (error) wrong.set(name, { kind: 'refused', error });
    else continue;
    absent.delete(name);
  }
}

interface Making {
  client: FhirClient;
  ids: Map<string, string>;
  wrong: Map<string, WriteOutcome>;
  writer: FhirWriter;
  c: Context;
}

/** Those first that others refer to. */
async function makeAll(absent: [string, Needed][], { client, ids, wrong, writer, c }: Making): Promise<void> {
  let rest = absent;
  while (rest.length > 0) {
    const ready = rest.flatMap(([name, needed]) => {
      const body = bodyOf(needed, ids);
      return body ? [{ name, body, ...needed }] : [];
    });
    if (ready.length === 0) {
      for (const [name, { resource }] of rest) wrong.set(name, notReady(resource));
      return;
    }
    const done = ready.map(({ name, id }): WriteOutcome => ({ kind: 'created', ids: { [name]: id } }));
    const byServer = client.settings.ids === 'server';
    const works = ready.map(({ id, body, resource: { key } }, index) => ({
      operations: [{ method: 'PUT' as const, type: body.resourceType, id, body, ...(byServer && key ? { create: searchBy(key) } : {}) }],
      done: done[index] ?? { kind: 'unavailable' as const },
    }));
    const written: Written[] = await writer.write(works, c);
    const there = byServer ? await lookedFor(client, ready, c) : undefined;
    for (const [index, { name, id, resource }] of ready.entries()) {
      const outcome = written[index] ?? { kind: 'conflict' };
      const own = there?.withKey(resource.type, resource.key?.system, resource.key?.value ?? '')[0]?.id;
      // By conditional create it may be another's, made meanwhile.
      const known = outcome === done[index] && !there ? id : outcome === done[index] || outcome.kind === 'conflict' ? own : undefined;
      if (known !== undefined) ids.set(name, known);
      else wrong.set(name, outcome === done[index] || outcome.kind === 'conflict' ? { kind: 'unavailable' } : outcome);
    }
    const made = new Set(ready.map(({ name }) => name));
    rest = rest.filter(([name]) => !made.has(name));
  }
}

async function lookedByKey(client: FhirClient, requests: WriteRequest[], c: Context): Promise<Looked> {
  const looked = new Looked();
  for (const found of await lookByKey(client, requests, c)) looked.addKeyed(found);
  return looked;
}

/** What there is of what was to be made. */
function lookedFor(client: FhirClient, made: Needed[], c: Context): Promise<Looked> {
  return lookedByKey(
    client,
    made.map(({ request, resource }) => ({ ...request, resources: [resource] })),
    c,
  );
}

/** As it is sent; undefined while what it refers to is not there. */
function bodyOf({ resource, request, id }: Needed, ids: ReadonlyMap<string, string>): StoredResource | undefined {
  const references = new Map(
    request.resources.flatMap((each) => {
      const known = ids.get(nameOf(each));
      return known === undefined ? [] : [[each.name, `${each.type}/${known}`] as const];
    }),
  );
  const body = replacePlaceholders(resource.body, references) as Record<string, unknown> | undefined;
  const given = body && { ...body, resourceType: resource.type, id };
  const keyed = given && resource.key ? withKey(given, resource.key) : undefined;
  if (!keyed) return undefined;
  // By the second it is found where its server chose its id.
  const tags = [
    { system: SHARED_TAG, code: request.origin.integration },
    { system: ID_TAG, code: id },
  ];
  return { ...keyed, meta: { ...keyed.meta, tag: [...(keyed.meta?.tag ?? []), ...tags] } };
}

function nameOf({ type, key }: WriteResource): string {
  return JSON.stringify([type, key?.system ?? null, key?.value ?? '']);
}

function ambiguous({ name }: WriteResource, found: StoredResource[]): WriteOutcome {
  return refused(
    'KeyAmbiguous',
    `The business key of “${name}” is on ${found.map(referenceTo).join(' and ')}.`,
    'Merge or remove the wrong one in the destination.',
  ).outcome;
}

function notReady({ name }: WriteResource): WriteOutcome {
  return refused(
    'ReferenceMissing',
    `The shared resource “${name}” refers to one of this record that is not shared or not there, or has no room for its key.`,
    'Let it refer to shared resources alone, and be of a type that has identifiers.',
  ).outcome;
}
