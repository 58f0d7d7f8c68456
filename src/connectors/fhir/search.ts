import { z } from 'zod';
import { AnswerTooLarge } from '../../errors/answer-too-large.js';
import { SystemFailure } from '../../errors/system-failure.js';
import type { RecordError } from '../../errors/record-error.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import type { HttpResponse } from '../../http/http.js';
import { parseJson } from '../../http/parse-json.js';
import type { Context } from '../connector.js';
import { together } from '../together.js';
import type { FhirClient, SearchParameter } from './client.js';
import { isId } from './ids.js';
import { nextPage } from './next-page.js';
import { isResource } from './parsed.js';
import { storedResource, type StoredResource } from './resource.js';
import { notSearchable, unsearchable, withoutId } from './searched.js';

const bundle = z.object({
  resourceType: z.literal('Bundle'),
  total: z.number().optional().catch(undefined),
  link: z.array(z.object({ relation: z.string(), url: z.string() })).optional(),
  // Looked at one by one: an odd one is of one record.
  entry: z.custom<unknown[]>(Array.isArray).optional(),
});

/** Characters of a query that every server and proxy takes. */
const LONGEST_QUERY = 1_900;
const MOST_PAGES = 1_000;
/** Entries asked for in one page, and what a search may give in all. */
const PAGE = 500;
const MOST_ENTRIES = 20_000;

export interface Searched {
  found: StoredResource[];
  /** Values on which the server fails, which it does not take, or cannot be asked for, while it is otherwise well, each with the error of its record. */
  broken: Map<string, RecordError>;
}

/**
 * Everything of a type whose parameter has one of the values: in chunks, all pages. What comes back may hold more than was asked for: the caller
 * checks each against its key. A chunk that fails on a healthy server is halved down to the value at fault; so is one of which the server gives fewer than it
 * says there are, and no further page, an entry that is none, or more in a page than was asked for.
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
    const answers = await pages(client, { type, parameter, values: some }, each).catch((error: unknown) =>
      tooLarge(error, () => client.isHealthy(type, parameter, each)),
    );
    if ('found' in answers) {
      for (const resource of answers.found) searched.found.push(resource);
      for (const value of answers.withoutId) searched.broken.set(value, withoutId(type));
      return;
    }
    const [first] = some;
    if (some.length === 1 && first !== undefined) return void searched.broken.set(first, notSearchable(answers.refused));
    const half = Math.ceil(some.length / 2);
    await search(some.slice(0, half), each);
    await search(some.slice(half), each);
  };
  const possible = values.filter((value) => {
    const error = unsearchable(value, encoded);
    if (error) searched.broken.set(value, error);
    return !error;
  });
  await together<void[]>(
    chunks(possible).map((some) => (each) => search(some, each)),
    c,
  );
  return searched;
}

/** What is too large to be read is so by what one of the values names, on a server that is otherwise well. */
async function tooLarge(error: unknown, isHealthy: () => Promise<boolean>): Promise<{ refused: HttpResponse }> {
  if (error instanceof AnswerTooLarge && (await isHealthy())) return { refused: { status: 200, headers: {}, text: '' } };
  throw error;
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
): Promise<{ found: StoredResource[]; withoutId: string[] } | { refused: HttpResponse }> {
  const place = `Searching ${type} on the FHIR server`;
  const found: StoredResource[] = [];
  const without: string[] = [];
  let given = 0;
  let path: string | undefined = `${type}?${parameter}=${values.map(encoded).join(',')}&_count=${PAGE}`;
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
    given += entry.length;
    if (given > MOST_ENTRIES || (entry.length > PAGE && values.length > 1)) return { refused: answer };
    for (const each of entry) {
      const resource = resourceIn(each);
      // It might be what one of the values names: to pass it by would be to write it a second time.
      if (!resource) return { refused: answer };
      if (resource['resourceType'] !== type) continue;
      const stored = storedResource(resource);
      if (stored && isId(stored.id)) found.push(stored);
      else without.push(...tokensOf(resource, parameter).filter((token) => values.includes(token)));
    }
    const next = link.find(({ relation }) => relation === 'next')?.url;
    // Of one value it is taken at what it gives: what else it counts may be what this user must not see.
    if (next === undefined && total !== undefined && total > given && values.length > 1) return { refused: answer };
    path =
      next === undefined ? undefined : nextPage(next, client.urlOf(path), { base: client.base, aliases: client.settings.aliases }, place);
  }
  return { found, withoutId: without };
}

/** The resource of an entry; of one without, nothing that is of any type; undefined where it is no entry. */
function resourceIn(entry: unknown): Record<string, unknown> | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined;
  if (!('resource' in entry)) return {};
  const { resource } = entry;
  return isResource(resource) ? (resource as Record<string, unknown>) : undefined;
}

/** What a resource is found by, as far as it can be read. */
function tokensOf(resource: Record<string, unknown>, parameter: SearchParameter): string[] {
  const { meta, identifier } = storedResource({ ...resource, id: 'none' }) ?? {};
  const tokens = parameter === '_tag' ? meta?.tag : parameter === 'identifier' ? [identifier ?? []].flat() : [];
  return ((tokens as { system?: string; code?: string; value?: string }[] | undefined) ?? []).flatMap(({ system, code, value }) => {
    const text = parameter === '_tag' ? code : value;
    return text === undefined ? [] : [text, `${system ?? ''}|${text}`];
  });
}
