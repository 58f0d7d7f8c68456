import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Context } from '../../../src/connectors/connector.js';
import { FhirClient } from '../../../src/connectors/fhir/client.js';
import { searchAll } from '../../../src/connectors/fhir/search.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startServer, type SimulatorServer } from '../../../src/simulators/server.js';

const http = createHttp({ timeout: 20_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
const ids = Array.from({ length: 40 }, (_, n) => `p${n}`);
let open: SimulatorServer | undefined;

afterEach(async () => {
  await open?.close();
});
afterAll(() => http.close());

/**
 * A server that gives seven resources a page. `next`: the address of what follows, as it gives it.
 */
async function search(next: (query: string, path: string) => string | undefined): Promise<{ found: string[]; asked: number }> {
  const server = await startServer({}, ({ query, path }) => {
    if (path !== '/base/fhir/Patient') return { status: 404 };
    const offset = Number(query.get('offset') ?? 0);
    const asked = (query.get('_id') ?? '').split(',').filter((id) => ids.includes(id));
    const rest = next(`_id=${asked.join(',')}&offset=${offset + 7}`, path);
    const entry = asked.slice(offset, offset + 7).map((id) => ({ resource: { resourceType: 'Patient', id } }));
    const link = rest !== undefined && asked.length > offset + 7 ? [{ relation: 'next', url: rest }] : [];
    return { status: 200, body: { resourceType: 'Bundle', type: 'searchset', total: asked.length, link, entry } };
  });
  open = server;
  const client = new FhirClient({ url: `${server.url}/base/fhir`, bundle: 100 });
  const { found } = await searchAll(client, 'Patient', '_id', ids, c);
  return { found: found.map(({ id }) => id).sort(), asked: server.requests.length };
}

describe('searching a FHIR server that does not give all at once', () => {
  it.each([
    ['by its type', (query: string) => `Patient?${query}`],
    ['by its query alone', (query: string) => `?${query}`],
    ['by its path', (query: string, path: string) => `${path}?${query}`],
    ['in full', (query: string, path: string) => `${open?.url}${path}?${query}`],
  ])('finds what stands on further pages, named %s', async (_how, next) => {
    expect(await search(next)).toEqual({ found: [...ids].sort(), asked: 6 });
  });

  it('finds all where it names no further page, but says how many there are', async () => {
    const { found, asked } = await search(() => undefined);
    expect(new Set(found)).toEqual(new Set(ids));
    expect(asked).toBeLessThanOrEqual(15);
  });

  it.each([
    ['/admin/delete?x=1'],
    ['/base/fhirs/Patient?x=1'],
    ['../../admin?x=1'],
    ['/base/fhir/%2e%2e/admin'],
    ['/base/fhir/..%2fadmin'],
    ['/base/fhir/..%5cadmin'],
    ['//other.example/base/fhir/Patient?x=1'],
  ])('does not follow %s, which is not below the url of the system', async (link) => {
    const asked = search(() => link.replace('HOST', open?.url.replace('http://', '') ?? ''));
    await expect(asked).rejects.toMatchObject({ name: 'SystemFailure', code: 'BadResponse' });
    expect(new Set(open?.requests)).toEqual(new Set(['GET /base/fhir/Patient']));
  });

  it('blames the server for a further page that has no address', async () => {
    await expect(search(() => 'http://')).rejects.toMatchObject({ name: 'SystemFailure', code: 'BadResponse' });
  });
});

describe('a search of which one entry says that it went wrong', () => {
  const answer = async (code: string, severity = 'error'): Promise<ReturnType<typeof searchAll>> => {
    const issue = [{ severity, code, diagnostics: 'A partition did not answer' }];
    const entry = [{ resource: { resourceType: 'OperationOutcome', issue }, search: { mode: 'outcome' } }];
    const body = { resourceType: 'Bundle', type: 'searchset' };
    // What nothing has is found well: the server is not sick as a whole.
    open = await startServer({}, ({ query }) => ({
      status: 200,
      body: (query.get('_tag') ?? '').split(',').includes('k|1') ? { ...body, entry } : body,
    }));
    return searchAll(new FhirClient({ url: `${open.url}/fhir`, bundle: 100 }), 'Patient', '_tag', ['k|1', 'k|2'], c);
  };

  it.each(['incomplete', 'timeout'])('is a failure of the server where that is %s', async (code) => {
    await expect(answer(code)).rejects.toMatchObject({ name: 'SystemFailure', code: 'Unavailable' });
  });

  it('is an error of the record whose value the server does not take', async () => {
    const { found, broken } = await answer('processing');
    expect(found).toEqual([]);
    expect([...broken]).toMatchObject([['k|1', { code: 'Refused', systemCode: 'processing' }]]);
  });

  it('is well where it only warns', async () => {
    const { broken } = await answer('processing', 'warning');
    expect([...broken]).toEqual([]);
  });
});

it('says that the user may not search, where that is why nothing is learnt of a record', async () => {
  open = await startServer({}, () => ({ status: 403 }));
  const client = new FhirClient({ url: `${open.url}/fhir`, bundle: 100 });
  await expect(client.isHealthy('Patient', '_id', c)).rejects.toMatchObject({
    code: 'Forbidden',
    message: 'Searching for Patient in the FHIR server: this is not allowed (403).',
  });
});
