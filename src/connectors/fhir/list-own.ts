import { z } from 'zod';
import { SystemFailure } from '../../errors/system-failure.js';
import { systemCodeOf } from '../../errors/whose-fault.js';
import { failureOfStatus } from '../../http/failure-of-status.js';
import { parseJson } from '../../http/parse-json.js';
import { getOwn } from '../../model/keyed.js';
import type { Context, DestinationOptions, Owned } from '../connector.js';
import type { FhirClient } from './client.js';
import { ORIGIN_TAG, originOfCode } from './identity.js';
import { isMarked, markOf } from './marks.js';
import { nextPage } from './next-page.js';
import { isResource } from './parsed.js';
import { originsOf, storedResource } from './resource.js';
import { typesOf, type FhirDestinationSettings } from './settings.js';

/** Entries asked for in one page. */
const PAGE = 500;

const bundle = z.object({
  resourceType: z.literal('Bundle'),
  link: z.array(z.object({ relation: z.string(), url: z.string() })).optional(),
  entry: z.custom<unknown[]>(Array.isArray).optional(),
});

interface Of extends Pick<DestinationOptions, 'integration' | 'process' | 'entityTypes'> {
  entityType: string;
  settings: FhirDestinationSettings;
}

/**
 * What has the origin of a record of one entity type, by its present name or an earlier one: a page
 * of the server at a time, with no more of each resource than has to be known.
 *
 * @throws SystemFailure
 */
export async function* listOwn(client: FhirClient, of: Of, c: Context): AsyncGenerator<Owned[]> {
  for (const type of typesOf(of.settings)) {
    const elements = ['meta', ...Object.keys(markOf(type, of.settings.mark))].join(',');
    let path: string | undefined = `${type}?_tag=${encodeURIComponent(`${ORIGIN_TAG}|`)}&_elements=${elements}&_count=${PAGE}`;
    const seen = new Set<string>();
    while (path !== undefined) {
      if (seen.has(path)) throw endless(type);
      seen.add(path);
      const page: { own: Owned[]; next: string | undefined } = await readPage(client, type, path, of, c);
      if (page.own.length > 0) yield page.own;
      path = page.next;
    }
  }
}

async function readPage(client: FhirClient, type: string, path: string, of: Of, c: Context) {
  const place = placeOf(type);
  const { answer, verdict } = await client.ask(path, { several: true }, () => client.isHealthy(type, '_tag', c), c);
  if (verdict.kind !== 'done') throw failureOfStatus(systemCodeOf(verdict), answer, place);
  const { entry = [], link = [] } = parseJson(answer, bundle, place);
  const own = entry.flatMap((each) => ownedIn(each, type, of));
  const url = link.find(({ relation }) => relation === 'next')?.url;
  const { base, settings } = client;
  const next = url === undefined ? undefined : nextPage(url, client.urlOf(path), { base, aliases: settings.aliases }, place);
  return { own, next };
}

function ownedIn(entry: unknown, type: string, { integration, process, entityTypes, entityType, settings }: Of): Owned[] {
  const { resource } = (entry ?? {}) as { resource?: unknown };
  const stored = isResource(resource) ? storedResource(resource as Record<string, unknown>) : undefined;
  if (stored?.resourceType !== type) return [];
  const names = new Set([entityType, ...(getOwn(entityTypes, entityType)?.formerly ?? [])]);
  const ids = originsOf(stored).flatMap((code) => {
    const origin = originOfCode(code);
    const isOurs = origin?.integration === integration && origin.process === process && names.has(origin.entityType);
    return isOurs ? [origin.id] : [];
  });
  const removed = isMarked(stored, settings.mark) ? { removed: true as const } : {};
  return [...new Set(ids)].map((id) => ({ of: id, type, id: stored.id, ...removed }));
}

function placeOf(type: string): string {
  return `Listing what Sangam wrote as ${type} on the FHIR server`;
}

function endless(type: string): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: `${placeOf(type)}: its pages do not end: they repeat.`,
    remedy: 'See the FHIR server’s log.',
  });
}
