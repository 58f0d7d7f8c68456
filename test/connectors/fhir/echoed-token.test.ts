import { afterAll, expect, it } from '@jest/globals';
import type { Context, WriteRequest } from '../../../src/connectors/connector.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startServer } from '../../../src/simulators/server.js';

const http = createHttp({ timeout: 20_000 });
afterAll(() => http.close());

const TOKEN = 'tok/en+of"ours=';

it.each([1, 100])('of a token that a server repeats inside a success nothing is kept (bundle: %d)', async (bundle) => {
  let echoed = 0;
  const server = await startServer({}, ({ method, headers }) => {
    const issue = [{ severity: 'error', code: 'invalid', diagnostics: `${String(headers['authorization'])} is not ours` }];
    const outcome = { resourceType: 'OperationOutcome', issue };
    if (method === 'GET') return { status: 200, body: { resourceType: 'Bundle', type: 'searchset', entry: [] } };
    echoed += 1;
    if (method === 'PUT') return { status: 200, body: outcome };
    return {
      status: 200,
      body: { resourceType: 'Bundle', type: 'transaction-response', entry: [{ response: { status: '422', outcome } }] },
    };
  });
  const settings = { resource: 'Patient' };
  const entityTypes = { Person: { formerly: [], settings, resourceNames: ['main'], keyed: [] } };
  const connector = fhir.connect('emr', { url: `${server.url}/fhir`, bundle, auth: { token: TOKEN } }, { margin: 0 });
  const origin = { integration: 'i', process: 'p', entityType: 'Person', id: 'a' };
  const resources = [{ name: 'main', type: 'Patient', body: { resourceType: 'Patient', active: true } }];
  const request: WriteRequest = { origin, version: '1', action: 'upsert', resources, adopt: false };
  const c: Context = { signal: new AbortController().signal, http, log: silent };
  const outcomes = await connector.destination?.(settings, { integration: 'i', process: 'p', entityTypes }).write([request], c);
  await server.close();
  expect(echoed).toBeGreaterThan(0);
  expect(outcomes).toMatchObject([{ kind: 'refused', error: { detail: expect.stringContaining('Bearer … is not ours') as unknown } }]);
  expect(JSON.stringify(outcomes)).not.toContain('of\\"ours');
});
