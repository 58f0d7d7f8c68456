import { z } from 'zod';
import { SystemFailure } from '../../errors/system-failure.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import type { HttpResponse } from '../../http/http.js';
import { parseJson } from '../../http/parse-json.js';
import type { Context } from '../connector.js';
import { together } from '../together.js';
import type { FhirClient, SearchParameter } from './client.js';
import { nextPage } from './next-page.js';
import { storedResource, type StoredResource } from './resource.js';

function hasType(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'resourceType' in value && typeof value.resourceType === 'string';
}

function isEntry(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !('resource' in value) || hasType(value.resource);
}

const bundle = z.looseObject({
  resourceType: z.literal('Bundle'),
  total: z.number().optional().catch(undefined),
  link: z.array(z.looseObject({ relation: z.string(), url: z.string() })).optional(),
  // Checked in place: a page has hundreds, and a schema of objects copies each.
  entry: z.custom<{ resource?: Record<string, unknown> }[]>((value) => Array.isArray(value) && value.every(isEntry)).optional(),
});

/** Characters of a query that every server and proxy takes. */
const LONGEST_QUERY = 1_900;
const MOST_PAGES = 1_000;

export interface Searched {
  found: StoredResource[];
  /** Values on which the server fails, or which it does not take, while it is otherwise well, each with what it answered. */
  broken: Map<string, HttpResponse>;
}

/**
 * Everything of a type whose parameter has one of the values: in chunks, all pages. What comes back may hold more than was asked for: the caller
 * checks each against its key. A chunk that fails on a healthy server is halved down to the value at fault; so is one of which the server gives fewer than it
 * says there are, and no further page.
 *
 * @throws SystemFailure
 */
export async function searchAll(
  client: FhirClient,
  type: string,
  parameter: SearchParameter,
  values: string[],
  c: Context,
): Promise<Searched> {
  const searched: Searched = { found: [], broken: new Map() };
  const search = async (some: string[], each: Context): Promise<void> => {
    const answers = await pages(client, { type, parameter, values: some }, each);
    if ('found' in answers) return void searched.found.push(...answers.found);
    const [first] = some;
    if (some.length === 1 && first !== undefined) return void searched.broken.set(first, answers.refused);
    const half = Math.ceil(some.length / 2);
    await search(some.slice(0, half), each);
    await search(some.slice(half), each);
  };
  await together<void[]>(
    chunks(values).map((some) => (each) => search(some, each)),
    c,
  );
  return searched;
}

/** Values that fit into one query each. */
function chunks(values: string[]): string[][] {
  const list: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const value of values) {
    const more = encoded(value).length + 1;
    if (length + more > LONGEST_QUERY) {
      list.push([]);
      length = 0;
    }
    list.at(-1)?.push(value);
    length += more;
  }
  return list;
}

/** Colons and slashes, of which tags are full, stand for themselves in a query (RFC 3986 §3.4): more values fit into one. */
function encoded(value: string): string {
  return encodeURIComponent(value.replace(/[\\,$]/g, '\\$&'))
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/');
}

interface Question {
  type: string;
  parameter: SearchParameter;
  values: string[];
}

async function pages(
  client: FhirClient,
  { type, parameter, values }: Question,
  c: Context,
): Promise<{ found: StoredResource[] } | { refused: HttpResponse }> {
  const place = `Searching ${type} on the FHIR server`;
  const found: StoredResource[] = [];
  let given = 0;
  let path: string | undefined = `${type}?${parameter}=${values.map(encoded).join(',')}&_count=500`;
  for (let page = 0; path !== undefined; page += 1) {
    if (page > MOST_PAGES)
      throw new SystemFailure({
        code: 'BadResponse',
        message: `${place} does not end: its pages repeat.`,
        remedy: 'See the FHIR server’s log.',
      });
    const isHealthy = (): Promise<boolean> => client.isHealthy(type, parameter, c);
    const { answer, verdict }: Awaited<ReturnType<FhirClient['ask']>> = await client.ask(
      path,
      { several: values.length > 1 },
      isHealthy,
      c,
    );
    if (verdict.kind === 'halve' || verdict.kind === 'record') return { refused: answer };
    if (verdict.kind !== 'done') throw failureOfStatus(systemCodeOf(verdict), answer, place);
    const { entry = [], link = [], total } = parseJson(answer, bundle, place);
    for (const { resource } of entry) {
      if (resource?.resourceType !== type) continue;
      const stored = storedResource(resource);
      if (!stored) throw withoutId(place, type);
      found.push(stored);
    }
    given += entry.length;
    const next = link.find(({ relation }) => relation === 'next')?.url;
    // Of one value it is taken at what it gives: what else it counts may be what this user must not see.
    if (next === undefined && total !== undefined && total > given && values.length > 1) return { refused: answer };
    path =
      next === undefined ? undefined : nextPage(next, client.urlOf(path), { base: client.base, aliases: client.settings.aliases }, place);
  }
  return { found };
}

/** It can be neither compared nor written to: to pass it by would be to write it a second time. */
function withoutId(place: string, type: string): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: `${place} gave a ${type} without an id.`,
    remedy: 'See whether the url leads to a FHIR R4 server, and whether something stands between that changes what it answers.',
  });
}
