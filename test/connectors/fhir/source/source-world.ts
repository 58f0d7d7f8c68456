import { afterAll, afterEach } from '@jest/globals';
import type { Bookmark, ChangeSource, Context, Instant, SourceOptions } from '../../../../src/connectors/connector.js';
import { fhir } from '../../../../src/connectors/fhir/index.js';
import { createHttp } from '../../../../src/http/create-http.js';
import { silent } from '../../../../src/log.js';
import type { FhirBehaviour } from '../../../../src/simulators/fhir/behaviour.js';
import { startFhirSimulator, type FhirSimulator } from '../../../../src/simulators/fhir/fhir-simulator.js';

const http = createHttp({ timeout: 10_000 });
export const c: Context = { signal: new AbortController().signal, http, log: silent };
const open: FhirSimulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
afterAll(() => http.close());

/** An instant that tests count from, in milliseconds. */
export const T = Date.UTC(2026, 0, 1);
export const iso = (time: number): Instant => new Date(time).toISOString();

export interface World {
  simulator: FhirSimulator;
  /** The same server, by a connector that knows nothing of it yet. */
  source(from?: object): ChangeSource;
  /** Stores a patient as it came to be at a time. */
  put(id: string, time: number, more?: object): void;
}

/** A simulator that is closed after the test, and sources that read from it. */
export async function world(behaviour: Partial<FhirBehaviour> = {}): Promise<World> {
  const simulator = await startFhirSimulator({ behaviour });
  open.push(simulator);
  return {
    simulator,
    source: (from = {}) => sourceAt(`${simulator.url}/fhir`, from),
    put: (id, time, more = {}) => void simulator.repository.put({ resourceType: 'Patient', id, ...more }, time),
  };
}

/** A source of patients of a server, unless `from` says otherwise. */
export function sourceAt(
  url: string,
  from: object = {},
  entityTypes: Record<string, unknown> = {},
  aliases?: string[],
  more: Pick<SourceOptions, 'standing'> = {},
): ChangeSource {
  const connector = fhir.connect('emr', fhir.systemSettings.parse({ url, ...(aliases ? { aliases } : {}) }), { margin: 10_000 });
  const settings = fhir.sourceSettings?.parse({ resource: 'Patient', ...from });
  const source = connector.source?.(settings, { entityTypes, integration: 'clinic', ...more });
  if (!source) throw new Error('FHIR is a source');
  return source;
}

export interface Read {
  ids: string[];
  broken: string[];
  bookmarks: Bookmark[];
  versions: Map<string, string>;
}

interface ReadOptions {
  after?: Bookmark | null;
  until?: number;
  limit?: number;
  /** Called between two pages. */
  between?: (page: number) => void;
  /** Reads so many pages, no more. */
  pages?: number;
}

/** All that a source gives. */
export async function read(
  source: ChangeSource,
  { after = null, until = T + 100_000, limit = 10, between, pages }: ReadOptions = {},
): Promise<Read> {
  const all: Read = { ids: [], broken: [], bookmarks: [], versions: new Map() };
  for await (const page of source.changes(after, iso(until), limit, c)) {
    for (const record of page.records) {
      if ('error' in record) all.broken.push(record.id ?? '?');
      else {
        all.ids.push(record.id);
        all.versions.set(record.id, record.version);
      }
    }
    all.bookmarks.push(page.bookmark);
    between?.(all.bookmarks.length);
    if (all.bookmarks.length === pages) break;
  }
  return all;
}

/**
 * Reads page by page, each by a source of its own that begins at the bookmark of the one before, as
 * it comes out of a history.
 */
export async function readRestarting(make: () => ChangeSource, options: ReadOptions = {}): Promise<Read> {
  const { until = T + 100_000 } = options;
  const all: Read = { ids: [], broken: [], bookmarks: [], versions: new Map() };
  let after = options.after ?? null;
  for (;;) {
    const one = await read(make(), { ...options, after, pages: 1 });
    all.ids.push(...one.ids);
    all.broken.push(...one.broken);
    all.bookmarks.push(...one.bookmarks);
    after = JSON.parse(JSON.stringify(one.bookmarks[0])) as Bookmark;
    if (after.at >= iso(until) && after.place === undefined) return all;
  }
}

/** A laboratory report with results. */
export const report = (id: string, results: string[], more: object = {}) => ({
  resourceType: 'DiagnosticReport',
  id,
  status: 'final',
  code: { text: 'Blood' },
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
  result: results.map((each) => ({ reference: `Observation/${each}` })),
  ...more,
});

/** A result. */
export const weight = (id: string, value: number) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'w' },
  valueQuantity: { value },
});
