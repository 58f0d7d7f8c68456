import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { avni } from '../../src/connectors/avni/index.js';
import type { Context, Origin } from '../../src/connectors/connector.js';
import { fhir } from '../../src/connectors/fhir/index.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { startServer, type SimulatorServer } from '../../src/simulators/server.js';
import { until } from '../support/until.js';

// Longer than any wait here: what is left in flight stays.
const http = createHttp({ timeout: 120_000 });
const settings = { resources: ['Patient', 'Encounter'] };
const ids = Array.from({ length: 400 }, (_, n) => `i${n}`);
const origins: Origin[] = ids.map((id) => ({ integration: 'i', process: 'p', entityType: 'Person', id }));
let server: SimulatorServer | undefined;

afterEach(async () => {
  await server?.close();
});
afterAll(() => http.close());

/** A server that is not available, and answers each request once it is let go. */
async function waiting(): Promise<{ url: string; first(): void; requests: string[] }> {
  const held: (() => void)[] = [];
  server = await startServer({}, async () => {
    await new Promise<void>((resolve) => held.push(resolve));
    return { status: 503 };
  });
  return { url: server.url, first: () => held.shift()?.(), requests: server.requests };
}

function destinationAt(url: string) {
  const entityTypes = { Person: { formerly: [], settings, resourceNames: ['main'], keyed: [] } };
  return fhir.connect('emr', { url, bundle: 100 }, { margin: 0 }).destination?.(settings, { integration: 'i', process: 'p', entityTypes });
}

const requestOf = (origin: Origin) => ({
  origin,
  version: '1',
  action: 'upsert' as const,
  resources: [{ name: 'main', type: 'Patient', key: { value: origin.id }, body: { resourceType: 'Patient' } }],
  adopt: false,
});

const readings: [string, (url: string, c: Context) => Promise<unknown> | undefined][] = [
  [
    'records of Avni by id',
    (url, c) =>
      avni
        .connect('a', { url, auth: { userName: 'me' } }, { margin: 0 })
        .source?.({ subject: 'P' })
        ?.fetch(ids, c),
  ],
  [
    'parents on a FHIR server',
    (url, c) =>
      destinationAt(url)?.find(
        origins.map((origin) => ({ origin })),
        c,
      ),
  ],
  ['what a FHIR server has of records', (url, c) => destinationAt(url)?.plan?.(origins.map(requestOf), c)],
];

describe.each(readings)('looking for many %s', (_what, read) => {
  it('ends with the first that fails, with nothing in flight, and nothing sent after it', async () => {
    const { url, first, requests } = await waiting();
    const reading = Promise.resolve(read(url, { signal: new AbortController().signal, http, log: silent })).catch(
      (error: unknown) => error,
    );
    await until('several requests wait for their answers', () => requests.length > 3);
    first();
    expect(await reading).toMatchObject({ name: 'SystemFailure', code: 'Unavailable' });
    await until('nothing is in flight', () => server?.inFlight() === 0);
    expect(requests.length).toBeLessThan(20);
  });

  it('ends when it is cancelled', async () => {
    const { url, requests } = await waiting();
    const cancel = new AbortController();
    const reading = Promise.resolve(read(url, { signal: cancel.signal, http, log: silent })).catch((error: unknown) => error);
    await until('several requests wait for their answers', () => requests.length > 3);
    cancel.abort();
    expect(await reading).toMatchObject({ name: 'Cancelled' });
    await until('nothing is in flight', () => server?.inFlight() === 0);
  });
});
