import { afterAll, afterEach, expect, it } from '@jest/globals';
import type { ChangeSource, Context } from '../../../../src/connectors/connector.js';
import { Cancelled } from '../../../../src/errors/system-failure.js';
import { createHttp } from '../../../../src/http/create-http.js';
import { silent } from '../../../../src/log.js';
import { startServer, type SimulatorServer } from '../../../../src/simulators/server.js';
import { iso, sourceAt, T } from './source-world.js';

const http = createHttp({ timeout: 120_000 });
let server: SimulatorServer | undefined;
afterEach(async () => {
  await server?.close();
});
afterAll(() => http.close());

const drained = async (each: AsyncIterable<unknown>): Promise<number> => {
  let count = 0;
  for await (const _one of each) count += 1;
  return count;
};

it.each<[string, (source: ChangeSource, c: Context) => Promise<unknown>]>([
  ['changes', (source, c) => drained(source.changes(null, iso(T), 10, c))],
  ['deletions', (source, c) => drained(source.changes({ v: 1, at: iso(T - 1) }, iso(T), 10, c))],
  ['hasChanges', (source, c) => source.hasChanges(null, iso(T), c)],
  [
    'fetch',
    (source, c) =>
      source.fetch(
        Array.from({ length: 500 }, (_, n) => `p${n}`),
        c,
      ),
  ],
  [
    'originsOf',
    (source, c) =>
      source.originsOf?.(
        Array.from({ length: 500 }, (_, n) => `Patient/p${n}`),
        c,
      ) ?? Promise.resolve(),
  ],
  ['the check', (source, c) => source.check?.(c, []) ?? Promise.resolve()],
])('%s ends at once when it is cancelled, and asks for nothing more', async (_name, call) => {
  let arrived = (): void => undefined;
  const asked = new Promise<void>((resolve) => (arrived = resolve));
  // It never answers.
  server = await startServer({}, () => {
    arrived();
    return new Promise(() => undefined);
  });
  const end = new AbortController();
  const source = sourceAt(`${server.url}/fhir`, { deleted: 'history' });
  const ended = call(source, { signal: end.signal, http, log: silent }).catch((error: unknown) => error);
  await asked;
  const at = performance.now();
  end.abort();
  expect(await ended).toBeInstanceOf(Cancelled);
  expect(performance.now() - at).toBeLessThan(1_000);
  const { length } = server.requests;
  await new Promise((resolve) => setImmediate(resolve));
  expect(server.requests).toHaveLength(length);
});

it('names no value of a record in what it says of it', async () => {
  const person = { name: [{ family: 'SENTINEL' }], telecom: [{ value: 'SENTINEL' }] };
  const entry = [
    { resource: { resourceType: 'Patient', id: 'SENTINEL/x', meta: { lastUpdated: iso(T) }, ...person } },
    { resource: { resourceType: 'Patient', id: 'p1', meta: { lastUpdated: 'SENTINEL' }, ...person } },
    { resource: { resourceType: 'SENTINEL', id: 'p2', meta: { lastUpdated: iso(T) }, ...person } },
    { SENTINEL: 1 },
  ];
  server = await startServer({}, () => ({ status: 200, body: { resourceType: 'Bundle', type: 'searchset', total: entry.length, entry } }));
  const errors: unknown[] = [];
  const c = { signal: new AbortController().signal, http, log: silent };
  for await (const { records } of sourceAt(`${server.url}/fhir`).changes(null, iso(T + 1), 10, c))
    for (const record of records) if ('error' in record) errors.push(record.error);
  expect(errors).toHaveLength(4);
  expect(JSON.stringify(errors)).not.toContain('SENTINEL');
});
