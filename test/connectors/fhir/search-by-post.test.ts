import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Context, Destination } from '../../../src/connectors/connector.js';
import { FhirClient } from '../../../src/connectors/fhir/client.js';
import { ORIGIN_TAG } from '../../../src/connectors/fhir/identity.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { searchAll } from '../../../src/connectors/fhir/search.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import type { FhirBehaviour } from '../../../src/simulators/fhir/behaviour.js';
import { startFhirSimulator, type FhirSimulator } from '../../../src/simulators/fhir/fhir-simulator.js';
import { startServer, type Fault, type SimulatedRequest, type SimulatorServer } from '../../../src/simulators/server.js';
import { requestFor } from './odd-answers-world.js';

const http = createHttp({ timeout: 6_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
const COUNT = 200;
const names = Array.from({ length: COUNT }, (_, n) => `a5f3b0c2-6a1d-4c35-9a51-${String(n).padStart(12, '0')}`);
const tags = names.map((name) => `${ORIGIN_TAG}|i/p/Person/${name}`);
const POST = 'POST /fhir/Patient/_search';
const GET = 'GET /fhir/Patient';
const open: SimulatorServer[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
afterAll(() => http.close());

interface World {
  simulator: FhirSimulator;
  client: FhirClient;
  /** How often each was asked since it was last told. */
  asked(): Record<string, number>;
  /** The names of all that is found by these tags. */
  find(values?: string[]): Promise<string[]>;
}

/** A server that has a Patient of each name, and one of nobody's. */
async function world(behaviour: Partial<FhirBehaviour> = {}, faults: Fault[] = []): Promise<World> {
  const simulator = await startFhirSimulator({ behaviour });
  open.push(simulator);
  simulator.repository.put({ resourceType: 'Patient', id: 'other' });
  for (const name of names) {
    const tag = [{ system: ORIGIN_TAG, code: `i/p/Person/${name}` }];
    simulator.repository.put({ resourceType: 'Patient', id: name, meta: { tag }, identifier: [{ system: 'urn:k', value: name }] });
  }
  simulator.faults.push(...faults);
  const client = new FhirClient({ url: `${simulator.url}/fhir`, bundle: 100 });
  return {
    simulator,
    client,
    asked: () => {
      const counts: Record<string, number> = {};
      for (const request of simulator.requests.splice(0)) counts[request] = (counts[request] ?? 0) + 1;
      return counts;
    },
    find: async (values = tags) => (await searchAll(client, 'Patient', '_tag', values, c)).found.map(({ id }) => id).sort(),
  };
}

function destinationAt({ url }: FhirSimulator): Destination {
  const settings = { resource: 'Patient' };
  const entityTypes = { Person: { formerly: [], settings, resourceNames: ['main'], keyed: [] } };
  const connector = fhir.connect('emr', { url: `${url}/fhir`, bundle: 100 }, { margin: 0 });
  const destination = connector.destination?.(settings, { integration: 'i', process: 'p', entityTypes });
  if (!destination) throw new Error('FHIR is a destination');
  return destination;
}

const respond = (status: number, body: unknown = ''): Fault['do'] => ({ respond: { status, body } });
const refusing = (status: number, times?: number): Fault => ({
  ...{ method: 'POST', path: '/fhir/Patient/_search', do: respond(status) },
  ...(times === undefined ? {} : { times }),
});

describe('searching for more than fits into one address', () => {
  it.each(['_tag', '_id', 'identifier'] as const)('asks once for a page of 200 by %s', async (parameter) => {
    const { simulator, client, asked } = await world();
    const seen: SimulatedRequest[] = [];
    simulator.watchers.push((request) => seen.push(request));
    const values = { _tag: tags, _id: names, identifier: names.map((name) => `urn:k|${name}`) }[parameter];
    const { found, broken } = await searchAll(client, 'Patient', parameter, values, c);
    expect(found.map(({ id }) => id).sort()).toEqual(names);
    expect(broken.size).toBe(0);
    expect(asked()).toEqual({ [POST]: 1 });
    const [{ headers, query, body } = {}] = seen;
    expect(headers).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded', 'cache-control': 'no-cache' });
    expect(query?.size).toBe(0);
    expect(body?.length).toBeLessThanOrEqual(30_000);
  });

  it('writes a page of 200 with one search, and once more with one search and no write', async () => {
    const { simulator, asked } = await world();
    const destination = destinationAt(simulator);
    const page = names.map((name) => requestFor(`new-${name}`));
    const first = await destination.write(page, c);
    expect(new Set(first.map(({ kind }) => kind))).toEqual(new Set(['created']));
    expect(asked()).toEqual({ [POST]: 1, 'POST /fhir/': 2 });
    const second = await destination.write(page, c);
    expect(new Set(second.map(({ kind }) => kind))).toEqual(new Set(['unchanged']));
    expect(asked()).toEqual({ [POST]: 1 });
  });

  it('asks for what fits by GET', async () => {
    const { find, asked } = await world();
    expect(await find(tags.slice(0, 10))).toEqual(names.slice(0, 10));
    expect(asked()).toEqual({ [GET]: 1 });
  });

  it('bounds what one request asks for', async () => {
    const { simulator, find, asked } = await world();
    const bodies: string[] = [];
    simulator.watchers.push(({ body }) => bodies.push(body));
    const long = Array.from({ length: 40 }, (_, n) => `${ORIGIN_TAG}|${n}${'/'.repeat(1_500)}`);
    const many = Array.from({ length: 450 }, (_, n) => `t|${n}`);
    expect(await find([...tags, ...many, ...long])).toEqual(names);
    expect(Object.keys(asked())).toEqual([POST]);
    for (const body of bodies) {
      expect(body.length).toBeLessThanOrEqual(30_000);
      expect((new URLSearchParams(body).get('_tag') ?? '').split(',').length).toBeLessThanOrEqual(200);
    }
  });

  it('follows the further pages by GET', async () => {
    const { client, simulator, asked } = await world();
    // Of each tag four resources: more than a page.
    for (const name of names)
      for (const n of [1, 2, 3])
        simulator.repository.put({
          resourceType: 'Patient',
          id: `${n}-${name}`,
          meta: { tag: [{ system: 'urn:t', code: name.slice(-9) }] },
        });
    const values = names.map((name) => `urn:t|${name.slice(-9)}`);
    const { found } = await searchAll(client, 'Patient', '_tag', values, c);
    expect(found).toHaveLength(600);
    expect(asked()).toEqual({ [POST]: 1, [GET]: 1 });
  });

  it('finds values with the signs that separate others', async () => {
    const { client, simulator, asked } = await world();
    const odd = ['a,b', 'a$b', 'a\\b', 'a&_count=1', 'a+b c', 'ä%2C'];
    for (const [n, value] of odd.entries())
      simulator.repository.put({ resourceType: 'Patient', id: `odd-${n}`, identifier: [{ system: 'urn:k', value }] });
    const values = [...odd, ...names.slice(10)].map((value) => `urn:k|${value}`);
    const { found } = await searchAll(client, 'Patient', 'identifier', values, c);
    const ids = found.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(odd.map((_, n) => `odd-${n}`)));
    expect(asked()).toMatchObject({ [POST]: 1 });
  });
});

describe('a server that does not take searches by POST', () => {
  it.each([400, 403, 404, 405, 413, 415, 422, 501])('is asked by GET for good once it said so by %s', async (status) => {
    const { find, asked } = await world({}, [refusing(status)]);
    expect(await find()).toEqual(names);
    const { [POST]: posts, [GET]: gets } = asked();
    expect(posts).toBe(1);
    expect(gets).toBeGreaterThan(5);
    expect(await find()).toEqual(names);
    expect(asked()).toEqual({ [GET]: gets });
  });

  it('is asked so too where it says so as most do, and all its records arrive', async () => {
    const { simulator, asked } = await world({ postSearch: false });
    const destination = destinationAt(simulator);
    for (const expected of ['created', 'unchanged']) {
      const outcomes = await destination.write(
        names.map((name) => requestFor(`new-${name}`)),
        c,
      );
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set([expected]));
      expect(asked()[POST] ?? 0).toBe(expected === 'created' ? 1 : 0);
    }
  });

  it('does not change how another one is asked', async () => {
    const [one, other] = [await world({ postSearch: false }), await world()];
    expect(await one.find()).toEqual(names);
    expect(await other.find()).toEqual(names);
    expect(other.asked()).toEqual({ [POST]: 1 });
  });

  it('is told as sick where it does not take them by GET either, and asked by POST again', async () => {
    const { simulator, find, asked } = await world({}, [{ path: '/fhir/Patient', do: respond(404) }]);
    await expect(find()).rejects.toMatchObject({ name: 'SystemFailure', code: 'NotFound' });
    simulator.faults.splice(0);
    asked();
    expect(await find()).toEqual(names);
    expect(asked()).toMatchObject({ [POST]: 1 });
  });
});

describe('a search by POST that goes wrong', () => {
  it.each([
    [429, 'RateLimited'],
    [503, 'Unavailable'],
    [401, 'Unauthorized'],
  ])('is a failure of the server where it answers %s, which is asked by POST again', async (status, code) => {
    const { find, asked } = await world({}, [refusing(status, 1)]);
    await expect(find()).rejects.toMatchObject({ name: 'SystemFailure', code });
    expect(asked()).toEqual({ [POST]: 1 });
    expect(await find()).toEqual(names);
    expect(asked()).toEqual({ [POST]: 1 });
  });

  it('is a failure of the server where no answer comes', async () => {
    const { find, asked } = await world({}, [{ method: 'POST', do: 'hang', times: 1 }]);
    await expect(find()).rejects.toMatchObject({ name: 'SystemFailure', code: 'TimedOut' });
    expect(asked()).toEqual({ [POST]: 1 });
  });

  it('is tried once more where it fails for now', async () => {
    const { find, asked } = await world({}, [refusing(500, 1)]);
    expect(await find()).toEqual(names);
    expect(asked()).toEqual({ [POST]: 2 });
  });

  it.each<[string, object]>([
    ['fewer than it counts', { total: COUNT, entry: [] }],
    ['an entry that is none', { entry: ['none'] }],
    ['more than was asked for', { entry: Array.from({ length: 501 }, (_, n) => ({ resource: { resourceType: 'Patient', id: `${n}` } })) }],
    ['an error', { entry: [{ resource: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'processing' }] } }] }],
  ])('asks by GET where it gives %s', async (_what, answer) => {
    const body = { resourceType: 'Bundle', type: 'searchset', ...answer };
    const { find } = await world({}, [{ method: 'POST', do: respond(200, body), times: 1 }]);
    expect(await find()).toEqual(names);
  });

  it('blames the record whose value is not taken by GET either, and the next ones are asked for by POST', async () => {
    const bad = names[77] ?? '';
    const server = await startServer({}, ({ query, body }) => {
      const ids = ((body === '' ? query : new URLSearchParams(body)).get('_id') ?? '').split(',');
      if (ids.includes(bad)) return { status: 400 };
      const entry = ids.map((id) => ({ resource: { resourceType: 'Patient', id } }));
      return { status: 200, body: { resourceType: 'Bundle', type: 'searchset', entry } };
    });
    open.push(server);
    const client = new FhirClient({ url: `${server.url}/fhir`, bundle: 100 });
    const { found, broken } = await searchAll(client, 'Patient', '_id', names, c);
    expect(found.map(({ id }) => id).sort()).toEqual(names.filter((name) => name !== bad));
    expect([...broken]).toMatchObject([[bad, { code: 'Refused', status: 400 }]]);
    server.requests.splice(0);
    const well = names.filter((name) => name !== bad);
    expect((await searchAll(client, 'Patient', '_id', well, c)).found).toHaveLength(COUNT - 1);
    expect(server.requests).toEqual([POST]);
  });
});
