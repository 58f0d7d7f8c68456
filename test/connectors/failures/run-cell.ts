import type { Connector, Context, Destination, WriteOutcome, WriteRequest } from '../../../src/connectors/connector.js';
import { avni } from '../../../src/connectors/avni/index.js';
import { resourceId } from '../../../src/connectors/derived-id.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { SystemFailure } from '../../../src/errors/system-failure.js';
import { createHttp } from '../../../src/http/create-http.js';
import type { Http, HttpRequest } from '../../../src/http/http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { startFhirSimulator } from '../../../src/simulators/fhir/fhir-simulator.js';
import { startMisbehavingFront, type Front, type Misbehaviour, type Passing } from './front.js';
import type { Cell } from './rules.js';

/**
 * The records of a cell; the last but one is the one that fails where the server is otherwise well.
 */
export const IDS = ['a', 'b', 'c', 'd', 'bad', 'e'];

/** What came of a cell, in terms of records. */
export interface Ran {
  /** The code of the system's failure, where one was thrown. */
  thrown?: string;
  /** Record → what became of it, as far as anything did. */
  records: Record<string, { kind: string; code?: string }>;
  hits: number;
  /**
   * Records that did not arrive though it was said they did, or, once the server was well again,
   * not at all.
   */
  lost: string[];
}

const T = Date.UTC(2026, 0, 1);
const iso = (time: number): string => new Date(time).toISOString();

const bodies: Partial<Record<Cell['failure'], Misbehaviour>> = {
  hang: 'hang',
  reset: 'reset',
  truncate: 'truncate',
  refused: 'refuse',
  'not JSON': { body: '<html>Sign in</html>' },
  'other shape': { body: '{"rows":[]}' },
};

function howOf({ place, failure }: Cell): Misbehaviour {
  if (place === 'entry') return { entry: typeof failure === 'number' ? failure : 'none' };
  return typeof failure === 'number' ? { status: failure } : (bodies[failure] ?? 'reset');
}

/** Brings a failure about on a real server and lets the real connector meet it. */
export async function runCell(cell: Cell): Promise<Ran> {
  const http = createHttp({ timeout: cell.failure === 'hang' ? 1_000 : 30_000 });
  const c: Context = { signal: new AbortController().signal, http, log: silent };
  try {
    return cell.place === 'page' || cell.place === 'one' ? await readAvni(cell, c) : await useFhir(cell, c);
  } finally {
    http.close();
  }
}

async function readAvni(cell: Cell, c: Context): Promise<Ran> {
  const simulator = await startAvniSimulator();
  const ids = IDS.map(
    (name, n) =>
      simulator.organisation.add('encounter', 'Visit', { 'Encounter type': 'Visit', observations: {}, name }, { stamp: T + n * 7_000 }).id,
  );
  const bad = ids[IDS.indexOf('bad')] ?? '';
  const isBad = ({ url, answer }: Passing): boolean =>
    cell.place === 'one' ? url.includes(`/api/encounter/${bad}`) : /^\/api\/encounters\?.*version=2/.test(url) && answer.includes(bad);
  const front = await startFront(cell, simulator.url, isBad, () => true);
  const connector = (url: string): Connector => avni.connect('avni', { url, auth: { userName: 'me' } }, { margin: 0 });
  const nameOf = new Map(ids.map((id, n) => [id, IDS[n] ?? '']));
  const read = async (url: string): Promise<Omit<Ran, 'hits' | 'lost'> & { at?: string }> => {
    const source = connector(url).source?.({ encounter: 'Visit' });
    const records: Ran['records'] = {};
    let at: string | undefined;
    try {
      if (cell.place === 'one')
        for (const [id, record] of (await source?.fetch(ids, c)) ?? []) records[nameOf.get(id) ?? id] = kindOf(record);
      else
        for await (const page of source?.changes({ v: 1, at: iso(T - 1) }, iso(T + 60_000), 4, c) ?? []) {
          for (const record of page.records) records[nameOf.get(record.id ?? '') ?? '?'] = kindOf(record);
          at = page.bookmark.at;
        }
      return { records };
    } catch (error) {
      return { records, thrown: codeOf(error), ...(at !== undefined ? { at } : {}) };
    }
  };
  const ran = await read(urlOf(cell, front));
  // What lies before the bookmark was given; and all of it is there afterwards.
  const before = IDS.filter((_name, n) => cell.place === 'page' && ran.at !== undefined && iso(T + n * 7_000) <= ran.at);
  const after = await read(simulator.url);
  const lost = [...before.filter((name) => !ran.records[name]), ...IDS.filter((name) => after.records[name]?.kind !== 'read')];
  await Promise.all([front.close(), simulator.close()]);
  return { ...ran, hits: front.hits, lost };
}

function kindOf(record: object): { kind: string; code?: string } {
  return 'error' in record ? { kind: 'refused', code: (record.error as { code: string }).code } : { kind: 'read' };
}

async function useFhir(cell: Cell, c: Context): Promise<Ran> {
  const simulator = await startFhirSimulator();
  const derived = (name: string): string => resourceId('i', 'Person', [], name, 'main');
  const marks: Record<string, (passing: Passing) => boolean> = {
    search: ({ url }) => url.includes(derived('bad')),
    look: ({ method, url }) => method === 'GET' && url.includes('Person/bad'),
    write: ({ method, body }) => method === 'PUT' && body.includes('Person/bad'),
    entry: ({ method, body }) => method === 'POST' && body.includes('Person/bad'),
    bundle: ({ method, body }) => method === 'POST' && body.includes('Person/bad'),
  };
  const writes = cell.place === 'write' || cell.place === 'entry' || cell.place === 'bundle';
  const any = ({ method, body }: Passing): boolean => (writes ? method !== 'GET' || body !== '' : true);
  if (cell.place === 'search') await destinationOf(`${simulator.url}/fhir`, cell).write(IDS.map(upsert), c);
  const front = await startFront(cell, simulator.url, marks[cell.place] ?? any, any);
  const ran = await run(destinationOf(`${urlOf(cell, front)}/fhir`, cell), cell, writes ? overTls(cell, c, front.url) : c);
  const stored = (name: string): boolean => simulator.repository.get('Patient', derived(name)) !== undefined;
  const untrue = IDS.filter((name) => ran.records[name]?.kind === 'created' && !stored(name));
  await destinationOf(`${simulator.url}/fhir`, cell).write(IDS.map(upsert), c);
  const lost = [...untrue, ...IDS.filter((name) => !stored(name))];
  await Promise.all([front.close(), simulator.close()]);
  return { ...ran, hits: front.hits, lost };
}

async function run(destination: Destination, { place }: Cell, c: Context): Promise<Omit<Ran, 'hits' | 'lost'>> {
  try {
    if (place === 'search') {
      const found = await destination.find(
        IDS.map((id) => ({ origin: { entityType: 'Person', id } })),
        c,
      );
      return { records: Object.fromEntries(IDS.map((name, n) => [name, { kind: isOne(found[n]) ? 'read' : 'refused' }])) };
    }
    const outcomes = await destination.write(IDS.map(upsert), c);
    return { records: Object.fromEntries(outcomes.map((outcome, n) => [IDS[n] ?? '?', { kind: outcome.kind, ...code(outcome) }])) };
  } catch (error) {
    return { records: {}, thrown: codeOf(error) };
  }
}

function isOne(found: Awaited<ReturnType<Destination['find']>>[number] = []): boolean {
  return !('code' in found) && found.length === 1;
}

function code(outcome: WriteOutcome): { code?: string } {
  if (outcome.kind === 'refused') return { code: outcome.error.code };
  return 'failure' in outcome && outcome.failure ? { code: outcome.failure.code } : {};
}

function codeOf(error: unknown): string {
  if (error instanceof SystemFailure) return error.code;
  throw error;
}

function destinationOf(url: string, { place }: Cell): Destination {
  const settings = { resource: 'Patient' };
  const connector = fhir.connect('emr', { url, bundle: place === 'write' ? 1 : 100 }, { margin: 0 });
  const destination = connector.destination?.(settings, {
    integration: 'i',
    process: 'p',
    entityTypes: { Person: { formerly: [], settings, resourceNames: ['main'], keyed: [] } },
  });
  if (!destination) throw new Error('FHIR is a destination');
  return destination;
}

function upsert(id: string): WriteRequest {
  return {
    origin: { integration: 'i', process: 'p', entityType: 'Person', id },
    version: '1',
    action: 'upsert',
    resources: [{ name: 'main', type: 'Patient', body: { resourceType: 'Patient', name: [{ family: id }] } }],
    adopt: false,
  };
}

function startFront(cell: Cell, target: string, isBad: (passing: Passing) => boolean, any: (passing: Passing) => boolean): Promise<Front> {
  return startMisbehavingFront({
    target,
    how: howOf(cell),
    hits: cell.well ? isBad : any,
    spreads: !cell.well,
    afterReading: cell.place === 'write' || cell.place === 'bundle',
  });
}

/**
 * What is read before goes well: only what writes meets a server that speaks no TLS, as where a
 * certificate ends in between.
 */
function overTls({ failure, well }: Cell, c: Context, url: string): Context {
  if (failure !== 'no TLS') return c;
  const isHit = ({ method, json }: HttpRequest): boolean =>
    method !== 'GET' && json !== undefined && (!well || JSON.stringify(json).includes('Person/bad'));
  const send: Http['send'] = (request) =>
    c.http.send(request.url.startsWith(url) && isHit(request) ? { ...request, url: request.url.replace('http:', 'https:') } : request);
  return { ...c, http: { ...c.http, send } };
}

function urlOf({ failure, place }: Cell, { url }: Front): string {
  return failure === 'no TLS' && place !== 'write' && place !== 'bundle' ? url.replace('http:', 'https:') : url;
}
