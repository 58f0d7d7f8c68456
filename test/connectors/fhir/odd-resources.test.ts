import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Context, Destination, WriteRequest } from '../../../src/connectors/connector.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { resourceId } from '../../../src/connectors/derived-id.js';
import { ORIGIN_TAG } from '../../../src/connectors/fhir/identity.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startServer, type SimulatorServer } from '../../../src/simulators/server.js';

const http = createHttp({ timeout: 20_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
const idOf = (record: string): string => resourceId('i', 'Person', [], record, 'main');
const id = idOf('a');
const identifier = [{ system: 'urn:s', value: '7' }];
const tag = { system: ORIGIN_TAG, code: 'i/p/Person/a' };
const person = { resourceType: 'Patient', name: [{ family: 'F' }] };
let server: SimulatorServer | undefined;

afterEach(async () => {
  await server?.close();
});
afterAll(() => http.close());

/** A destination whose server has this one Patient, whatever is asked for. */
async function having(stored: object, bundle = 1): Promise<Destination> {
  server = await startServer({}, ({ method, body }) => {
    if (method === 'DELETE') return { status: 204 };
    if (method === 'PUT') return { status: 200, body: JSON.parse(body) as object };
    if (method === 'GET') return { status: 200, body: { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: stored }] } };
    return { status: 200, body: { resourceType: 'Patient' } };
  });
  const settings = { resource: 'Patient' };
  const entityTypes = { Person: { formerly: [], settings, resourceNames: ['main'], keyed: [] } };
  const connector = fhir.connect('emr', { url: `${server.url}/fhir`, bundle }, { margin: 0 });
  const destination = connector.destination?.(settings, { integration: 'i', process: 'p', entityTypes });
  if (!destination) throw new Error('FHIR is a destination');
  return destination;
}

function request(action: WriteRequest['action'], key?: WriteRequest['resources'][number]['key'], record = 'a'): WriteRequest {
  const resources = action === 'upsert' ? [{ name: 'main', type: 'Patient', body: person, ...(key ? { key } : {}) }] : [];
  const origin = { integration: 'i', process: 'p', entityType: 'Person', id: record };
  return { origin, version: '1', action, resources, adopt: false };
}

describe('a resource that a server gives in a form that R4 does not have', () => {
  it.each<[string, object]>([
    ['a version that is a number', { meta: { versionId: 3, tag: [tag] } }],
    ['a version that is nothing', { meta: { versionId: null, tag: [tag] } }],
    ['a tag that is nothing beside ours', { meta: { tag: [null, tag] } }],
    ['a tag by itself, in no list', { meta: { tag } }],
    ['another tag whose code is a number', { meta: { tag: [{ system: 'urn:other', code: 5 }, tag] } }],
    ['an identifier that is nothing', { meta: { tag: [tag] }, identifier: null }],
  ])('is seen all the same: %s', async (_what, more) => {
    const destination = await having({ ...person, id, ...more });
    expect(await destination.find([{ origin: { entityType: 'Person', id: 'a' } }], c)).toMatchObject([[{ type: 'Patient', id }]]);
    expect(await destination.write([request('upsert')], c)).toMatchObject([{ kind: 'unchanged' }]);
    expect(await destination.write([request('remove')], c)).toMatchObject([{ kind: 'removed' }]);
  });

  it.each<[string, object]>([
    ['no meta', { meta: null }],
    ['an identifier whose use is nothing', { identifier: [null, { system: 'urn:s', value: '7', use: null }] }],
    ['an identifier whose value is a number', { identifier: [{ system: 'urn:s', value: 7 }] }],
  ])('is met by its business key, and not written a second time: %s', async (_what, more) => {
    const destination = await having({ ...person, id: 'theirs', identifier: [{ system: 'urn:s', value: '7' }], ...more });
    const outcomes = await destination.write([request('upsert', { system: 'urn:s', value: '7' })], c);
    expect(outcomes).toMatchObject([{ kind: 'refused', error: { code: 'NotAdopted' } }]);
  });

  it.each<[string, object]>([
    ...['../../admin/users/1', '..', '.', 'a/b', 'a?x=1', 'a b', 'a\r\nx: y', '%2e%2e', 'x'.repeat(65)].map((odd): [string, object] => [
      odd,
      { id: odd },
    ]),
    ['a version that no header can hold', { id: 'a', meta: { versionId: '1"\r\nx: y' } }],
  ])('is an error of its record where it cannot be addressed, and nothing is sent to it: %j', async (_what, odd) => {
    for (const bundle of [1, 100]) {
      const destination = await having({ ...person, name: [], identifier: [{ value: 'K' }], ...odd }, bundle);
      const outcomes = await destination.write([{ ...request('upsert', { value: 'K' }), adopt: true }], c);
      expect(outcomes).toMatchObject([{ kind: 'refused', error: { code: 'OddId' } }]);
      expect(JSON.stringify(outcomes)).not.toContain('admin');
      expect(server?.requests.filter((each) => !each.startsWith('GET /fhir/Patient'))).toEqual([]);
      await server?.close();
    }
  });

  it('is guarded by its version, though that is a number', async () => {
    const destination = await having({ ...person, name: [{ family: 'old' }], id, meta: { versionId: 3, tag: [tag] } });
    const sent: unknown[] = [];
    const counting: Context = {
      ...c,
      http: { ...http, send: (outgoing) => (sent.push(outgoing.headers?.['if-match']), http.send(outgoing)) },
    };
    expect(await destination.write([request('upsert')], counting)).toMatchObject([{ kind: 'updated' }]);
    expect(sent.at(-1)).toBe('W/"3"');
  });

  it.each([undefined, null, '', '../../admin/users/1', 'a/b', '..', 'x'.repeat(65), 'a b', 'a?b', 'क'].map((odd) => [odd]))(
    'is the error of its record alone where its id is %j, and never part of an address',
    async (odd) => {
      const destination = await having({ ...person, ...(odd === undefined ? {} : { id: odd }), meta: { tag: [tag] }, identifier });
      const refused = { kind: 'refused', error: { code: 'OddId' } };
      const [outcome, other] = await destination.write([request('upsert'), request('upsert', undefined, 'b')], c);
      expect(outcome).toMatchObject(refused);
      expect(other).toMatchObject({ kind: 'created' });
      expect(await destination.write([request('upsert', identifier[0])], c)).toMatchObject([refused]);
      expect(await destination.write([request('remove')], c)).toMatchObject([refused]);
      const addresses = [`/fhir/Patient/${id}`, `/fhir/Patient/${idOf('b')}`, '/fhir/Patient'];
      expect(server?.requests.filter((each) => !addresses.includes(each.split(' ')[1] ?? ''))).toEqual([]);
    },
  );
});
