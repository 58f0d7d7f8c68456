import { z } from 'zod';
import { SystemFailure } from '../../errors/system-failure.js';
import { parseJson } from '../../http/parse-json.js';
import type { Context } from '../connector.js';
import type { FhirClient } from './client.js';
import { storedResource, type StoredResource } from './resource.js';

const bundle = z.looseObject({
  resourceType: z.literal('Bundle'),
  link: z.array(z.looseObject({ relation: z.string(), url: z.string() })).optional(),
  entry: z.array(z.looseObject({ resource: z.looseObject({ resourceType: z.string() }).optional() })).optional(),
});

/** Characters of a query that every server and proxy takes. */
const LONGEST_QUERY = 1_900;
const MOST_PAGES = 1_000;

/**
 * Everything of a type whose parameter has one of the values: in chunks, all pages. What comes back may hold more than was asked for: the caller
 * checks each against its key.
 */
export async function searchAll(
  client: FhirClient,
  type: string,
  parameter: string,
  values: string[],
  c: Context,
): Promise<StoredResource[]> {
  const found = await Promise.all(chunks(values).map((chunk) => search(client, `${type}?${parameter}=${chunk}&_count=500`, type, c)));
  return found.flat();
}

function chunks(values: string[]): string[] {
  const list: string[] = [];
  let current = '';
  for (const value of values) {
    const encoded = encodeURIComponent(value.replace(/([\\,$|])/g, (sign) => (sign === '|' ? sign : `\\${sign}`)));
    if (current !== '' && current.length + encoded.length > LONGEST_QUERY) {
      list.push(current);
      current = '';
    }
    current += (current === '' ? '' : ',') + encoded;
  }
  return current === '' ? list : [...list, current];
}

async function search(client: FhirClient, first: string, type: string, c: Context): Promise<StoredResource[]> {
  const place = `Searching ${type} on the FHIR server`;
  const found: StoredResource[] = [];
  let path: string | undefined = first;
  for (let page = 0; path !== undefined; page += 1) {
    if (page > MOST_PAGES)
      throw new SystemFailure({
        code: 'BadResponse',
        message: `${place} does not end: its pages repeat.`,
        remedy: 'See the FHIR server’s log.',
      });
    const answer: z.infer<typeof bundle> = parseJson(await client.read(path, place, c), bundle, place);
    const { entry = [], link = [] } = answer;
    for (const { resource } of entry) {
      const parsed = storedResource.safeParse(resource);
      if (parsed.success && parsed.data.resourceType === type) found.push(parsed.data);
    }
    path = link.find(({ relation }) => relation === 'next')?.url;
  }
  return found;
}
