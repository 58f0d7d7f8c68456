import { z } from 'zod';
import { settle } from '../../errors/settle.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import type { HttpResponse } from '../../http/http.js';
import { nextPage } from './next-page.js';
import { parseJson } from '../../http/parse-json.js';
import { pathSegment } from '../../http/path-segment.js';
import type { Context } from '../connector.js';
import { statusOf } from './answer.js';
import type { FhirClient } from './client.js';
import { originsOf, referenceTo, storedResource, type StoredResource } from './resource.js';

const history = z.looseObject({
  resourceType: z.literal('Bundle'),
  link: z.array(z.looseObject({ relation: z.string(), url: z.string() })).optional(),
  entry: z.array(z.looseObject({ resource: z.record(z.string(), z.unknown()).optional() })).optional(),
});

/**
 * Pages of versions that are looked through: a resource has a few, but for one that others change
 * all the time.
 */
const MAX_PAGES = 100;

/**
 * What a resource was before it was taken over: its newest version older than those with one of
 * these origins. Undefined where the server keeps, or shows, none. @throws SystemFailure
 */
export async function versionBefore(
  client: FhirClient,
  resource: StoredResource,
  origins: readonly string[],
  c: Context,
): Promise<StoredResource | undefined> {
  const reference = referenceTo(resource);
  const place = `Reading the history of ${reference} on the FHIR server`;
  let path: string | undefined = `${pathSegment(resource.resourceType)}/${pathSegment(resource.id)}/_history?_count=50`;
  for (let page = 0; path !== undefined && page < MAX_PAGES; page += 1) {
    const answer: HttpResponse | undefined = await ask(client, path, resource.resourceType, place, c);
    if (!answer) return undefined;
    const { entry = [], link = [] } = parseJson(answer, history, place);
    for (const { resource: given } of entry) {
      const version = given && storedResource(given);
      // A version without content is a deletion: what was before it had been given up.
      if (!version) return undefined;
      if (!originsOf(version).some((code) => origins.includes(code))) return version;
    }
    const next = link.find(({ relation }) => relation === 'next')?.url;
    path =
      next === undefined ? undefined : nextPage(next, client.urlOf(path), { base: client.base, aliases: client.settings.aliases }, place);
  }
  return undefined;
}

/** @returns undefined where the server has no history, or does not show it. */
async function ask(client: FhirClient, path: string, type: string, place: string, c: Context): Promise<HttpResponse | undefined> {
  const { answer, verdict } = await settle(
    () => client.send({ method: 'GET', kind: 'read', path }, c),
    (each) => ({ place: 'read one', came: statusOf(each) }),
    () => client.isHealthy(type, '_id', c),
  );
  if (verdict.kind === 'done') return answer;
  if (verdict.kind === 'absent' || verdict.kind === 'record' || answer.status === 403) return undefined;
  throw failureOfStatus(systemCodeOf(verdict), answer, place);
}
