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
import { statusOf } from './answer.js';
import { askedValues, BY_GET, BY_POST, chunks, type AskedValue } from './asked-values.js';
import type { FhirClient, SearchParameter } from './client.js';
import { isId } from './ids.js';
import { nextPage } from './next-page.js';
import { isResource } from './parsed.js';
import { storedResource, type StoredResource } from './resource.js';
import { notSearchable, withoutId } from './searched.js';

const bundle = z.object({
  resourceType: z.literal('Bundle'),
  total: z.number().optional().catch(undefined),
  link: z.array(z.object({ relation: z.string(), url: z.string() })).optional(),
  // Looked at one by one: an odd one is of one record.
  entry: z.custom<unknown[]>(Array.isArray).optional(),
});

const MOST_PAGES = 1_000;
/** Entries asked for in one page, and what a search may give in all. */
const PAGE = 500;
const MOST_ENTRIES = 20_000;

export interface Searched {
  found: StoredResource[];
  /**
   * Values on which the server fails, which it does not take, or cannot be asked for, while it is
   * otherwise well, each with the error of its record.
   */
  broken: Map<string, RecordError>;
}

/**
 * Everything of a type whose parameter has one of the values: in chunks, all pages. What comes back
 * may hold more than was asked for: the caller checks each against its key.
 *
 * What does not fit into one address is asked for by POST; where that gives no good answer, by
 * GETs. A GET that fails on a healthy server is halved down to the value at fault; so is one of
 * which the server gives fewer than it says there are, and no further page, an entry that is none,
 * or more in a page than was asked for.
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
  /** What the server gives is taken; where it gives no good answer, that is returned. */
  const ask = async (some: AskedValue[], byPost: boolean, each: Context): Promise<HttpResponse | undefined> => {
    const answers = await pages(client, { type, parameter, values: some, byPost }, each).catch((error: unknown) =>
      tooLarge(error, () => client.isHealthy(type, parameter, each)),
    );
    if ('refused' in answers) return answers.refused;
    for (const resource of answers.found) searched.found.push(resource);
    for (const value of answers.withoutId) searched.broken.set(value, withoutId(type));
    return undefined;
  };
  const byGet = async (some: AskedValue[], each: Context): Promise<void> => {
    const refused = await ask(some, false, each);
    if (!refused) return;
    const [first] = some;
    if (some.length === 1 && first) return void searched.broken.set(first.value, notSearchable(refused));
    const half = Math.ceil(some.length / 2);
    await byGet(some.slice(0, half), each);
    await byGet(some.slice(half), each);
  };
  const byGets = (some: AskedValue[], each: Context): Promise<void[]> =>
    together<void[]>(
      chunks(some, BY_GET).map((chunk) => (inner) => byGet(chunk, inner)),
      each,
    );
  const byPost = async (some: AskedValue[], each: Context): Promise<void> => {
    const refused = await ask(some, true, each);
    if (!refused) return;
    await byGets(some, each);
    // By GET the server takes each of them: it is POST that it does not take.
    if (!isFailing(statusOf(refused)) && !some.some(({ value }) => searched.broken.has(value))) client.searchesByPost = false;
  };
  const possible = askedValues(values, searched.broken);
  if (!client.searchesByPost || chunks(possible, BY_GET).length < 2) await byGets(possible, c);
  else
    await together<void[]>(
      chunks(possible, BY_POST).map((some) => (each) => byPost(some, each)),
      c,
    );
  return searched;
}

/** Whether a server fails for now, rather than that it does not have what is asked of it. */
function isFailing(status: number): boolean {
  return status >= 500 && status !== 501;
}

/**
 * What is too large to be read is so by what one of the values names, on a server that is otherwise
 * well.
 */
async function tooLarge(error: unknown, isHealthy: () => Promise<boolean>): Promise<{ refused: HttpResponse }> {
  if (error instanceof AnswerTooLarge && (await isHealthy())) return { refused: { status: 200, headers: {}, text: '' } };
  throw error;
}

interface Question {
  type: string;
  parameter: SearchParameter;
  values: AskedValue[];
  byPost: boolean;
}

async function pages(
  client: FhirClient,
  { type, parameter, values, byPost }: Question,
  c: Context,
): Promise<{ found: StoredResource[]; withoutId: string[] } | { refused: HttpResponse }> {
  const place = `Searching ${type} on the FHIR server`;
  const found: StoredResource[] = [];
  const without: string[] = [];
  let given = 0;
  const ids = new Set(values.map(({ value }) => value));
  let form = byPost ? { [parameter]: values.map(({ token }) => token).join(','), _count: `${PAGE}` } : undefined;
  let path: string | undefined = form
    ? `${type}/_search`
    : `${type}?${parameter}=${values.map(({ query }) => query).join(',')}&_count=${PAGE}`;
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
      { several: values.length > 1, ...(form ? { form } : {}) },
      isHealthy,
      c,
    );
    if (verdict.kind === 'halve' || verdict.kind === 'record' || verdict.kind === 'one by one') return { refused: answer };
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
      else without.push(...tokensOf(resource, parameter).filter((token) => ids.has(token)));
    }
    const next = link.find(({ relation }) => relation === 'next')?.url;
    // Of one value it is taken at what it gives: what else it counts may be what this user must not
    // see.
    if (next === undefined && total !== undefined && total > given && values.length > 1) return { refused: answer };
    // A link of a query alone is of the type: nothing but POST knows `_search`.
    const before = client.urlOf(form ? type : path);
    form = undefined;
    path = next === undefined ? undefined : nextPage(next, before, { base: client.base, aliases: client.settings.aliases }, place);
  }
  return { found, withoutId: without };
}

/**
 * The resource of an entry; of one without, nothing that is of any type; undefined where it is no
 * entry.
 */
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
