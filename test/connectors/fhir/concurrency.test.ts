import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Destination, WriteRequest } from '../../../src/connectors/connector.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

interface Counting {
  url: string;
  requests: string[];
  /** Most requests that were being answered at once. */
  most(): number;
}

/**
 * Has nothing, takes everything but searches by POST, so that there are many by GET, and answers
 * nothing else before so many came at once, each some time after.
 */
async function countingServer(together: number): Promise<Counting> {
  const requests: string[] = [];
  let [inFlight, most] = [0, 0];
  let enough: () => void = () => undefined;
  const came = new Promise<void>((resolve) => (enough = resolve));
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/_search')) return void response.writeHead(405).end();
    requests.push(request.method ?? '');
    most = Math.max(most, (inFlight += 1));
    if (inFlight === together) enough();
    response.once('close', () => (inFlight -= 1));
    request.resume();
    const body = request.method === 'GET' ? { resourceType: 'Bundle', type: 'searchset' } : { resourceType: 'Patient', id: 'x' };
    void came.then(() =>
      setTimeout(() => {
        response.setHeader('content-type', 'application/fhir+json');
        response.end(JSON.stringify(body));
      }, 10),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({ close: () => (server.closeAllConnections(), server.close()) });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, most: () => most };
}

/** Destinations of two entity types on one system. */
function destinations(url: string, system: object): Destination[] {
  const connector = fhir.connect('emr', { url, bundle: 1, ...system }, { margin: 0 });
  return ['Person', 'Visit'].map((entityType) => {
    const settings = { resources: ['Patient', 'Observation', 'Encounter'] };
    const known = { [entityType]: { formerly: [], settings, resourceNames: ['main'], keyed: [] } };
    const destination = connector.destination?.(settings, { integration: 'i', process: 'p', entityTypes: known });
    if (!destination) throw new Error('FHIR is a destination');
    return destination;
  });
}

/** More than fit into a few searches. */
const upserts = (entityType: string): WriteRequest[] =>
  Array.from({ length: 150 }, (_, index) => ({
    origin: { integration: 'i', process: 'p', entityType, id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` },
    version: '1',
    action: 'upsert',
    resources: [{ name: 'main', type: 'Patient', body: { resourceType: 'Patient', name: [{ family: `F${index}` }] } }],
    adopt: false,
  }));

const http = createHttp({ timeout: 20_000 });
const context = () => ({ signal: new AbortController().signal, http, log: silent });

describe('requests to one FHIR server', () => {
  it('are never more at once than its concurrency, for look-ups and writes of several entity types together', async () => {
    const { url, requests, most } = await countingServer(3);
    const [person, visit] = destinations(url, { concurrency: 3 });
    const refs = upserts('Person').map(({ origin: { entityType, id } }) => ({ origin: { entityType, id } }));
    await Promise.all([
      person?.write(upserts('Person'), context()),
      visit?.write(upserts('Visit'), context()),
      person?.find(refs, context()),
    ]);
    expect(requests.filter((method) => method === 'GET').length).toBeGreaterThan(30);
    expect(requests.filter((method) => method === 'PUT').length).toBe(300);
    expect(most()).toBe(3);
  });

  it('are at most sixteen where nothing is said of it', async () => {
    const { url, most } = await countingServer(16);
    const [person, visit] = destinations(url, {});
    const refs = upserts('Visit').map(({ origin: { entityType, id } }) => ({ origin: { entityType, id } }));
    await Promise.all([person?.write(upserts('Person'), context()), visit?.find(refs, context())]);
    expect(most()).toBe(16);
  });
});
