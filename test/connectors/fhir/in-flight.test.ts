import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { WriteRequest } from '../../../src/connectors/connector.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { Cancelled } from '../../../src/errors/system-failure.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { until } from '../../support/until.js';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** A server whose writes are answered when they are let go, the first at once. */
async function server(): Promise<{ url: string; begun(): number; inFlight(): number; letGo(): void }> {
  let [begun, inFlight] = [0, 0];
  const waiting: (() => void)[] = [];
  const listening: Server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/fhir+json');
    if (request.method === 'GET') return void response.end(JSON.stringify({ resourceType: 'Bundle', type: 'searchset' }));
    begun += 1;
    inFlight += 1;
    response.once('close', () => (inFlight -= 1));
    const answer = (): void => void response.end(JSON.stringify({ resourceType: 'Patient', id: 'x' }));
    if (begun === 1) setTimeout(answer, 50);
    else waiting.push(answer);
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  open.push({ close: () => (listening.closeAllConnections(), listening.close()) });
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  return { url, begun: () => begun, inFlight: () => inFlight, letGo: () => waiting.splice(0).forEach((each) => each()) };
}

const upsert = (id: string): WriteRequest => ({
  origin: { integration: 'i', process: 'p', entityType: 'Person', id },
  version: '1',
  action: 'upsert',
  resources: [{ name: 'main', type: 'Patient', body: { resourceType: 'Patient', name: [{ family: id }] } }],
  adopt: false,
});

describe('writing to a FHIR server', () => {
  it('is over, when it is cancelled, only once no write is in flight', async () => {
    const { url, begun, inFlight, letGo } = await server();
    const settings = { resource: 'Patient' };
    const http = createHttp({ timeout: 10_000 });
    open.push(http);
    const destination = fhir.connect('emr', { url, bundle: 1, concurrency: 2 }, { margin: 0 }).destination?.(settings, {
      integration: 'i',
      process: 'p',
      entityTypes: { Person: { formerly: [], settings, resourceNames: ['main'], keyed: [] } },
    });
    const cancel = new AbortController();
    let left = -1;
    const written = destination
      ?.write(['a', 'b', 'c'].map(upsert), { signal: cancel.signal, http, log: silent })
      .catch((error: unknown) => {
        left = inFlight();
        return error;
      });
    await until('two writes are under way', () => begun() === 2);
    cancel.abort();
    await until('the first is answered, and the third refused to begin', () => inFlight() === 1);
    expect(left).toBe(-1);
    letGo();
    expect(await written).toBeInstanceOf(Cancelled);
    expect(left).toBe(0);
    expect(begun()).toBe(2);
  });
});
