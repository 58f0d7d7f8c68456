import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { JWK } from 'jose';
import type { Context } from '../../../src/connectors/connector.js';
import { FhirClient } from '../../../src/connectors/fhir/client.js';
import { fhirSystemSettings } from '../../../src/connectors/fhir/settings.js';
import { SystemFailure } from '../../../src/errors/system-failure.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startFhirSimulator, type FhirSimulator } from '../../../src/simulators/fhir/fhir-simulator.js';

const http = createHttp({ timeout: 10_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
let open: FhirSimulator | undefined;
afterEach(async () => {
  await open?.close();
});
afterAll(() => http.close());

const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwkOf = (key: KeyObject): JWK => key.export({ format: 'jwk' }) as JWK;
const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();
const SECRET = 's3cret: with+signs&so on%';

const clients = [
  { id: 'sangam', secret: SECRET },
  { id: 'by-ec', publicKey: jwkOf(ec.publicKey) },
  { id: 'by-rsa', publicKey: jwkOf(rsa.publicKey) },
];
type Auth = Record<string, string>;

async function world(
  auth: (url: string) => Auth,
  life?: number,
): Promise<{ simulator: FhirSimulator; client: FhirClient; endpoint: () => number }> {
  const simulator = await startFhirSimulator({ oauth: { clients, ...(life !== undefined ? { life } : {}) } });
  open = simulator;
  simulator.repository.put({ resourceType: 'Patient', id: 'p1' });
  const client = new FhirClient(fhirSystemSettings.parse({ url: `${simulator.url}/fhir`, auth: auth(simulator.url) }));
  return { simulator, client, endpoint: () => simulator.oauth?.given ?? 0 };
}
const get = (client: FhirClient, context = c) => client.send({ method: 'GET', kind: 'read', path: 'Patient/p1' }, context);
const bySecret = (): Auth => ({ clientId: 'sangam', clientSecret: SECRET });

describe('a client of OAuth2', () => {
  it.each<[string, (url: string) => Auth]>([
    ['by its secret, where the server says', bySecret],
    ['by its secret, where the definition says', (url) => ({ ...bySecret(), tokenUrl: `${url}/oauth/token`, scope: 'system/*.*' })],
    ['by a key of P-384 as JWK', () => ({ clientId: 'by-ec', privateKey: JSON.stringify({ ...jwkOf(ec.privateKey), kid: 'k1' }) })],
    ['by a key of P-384 as PEM', () => ({ clientId: 'by-ec', privateKey: pemOf(ec.privateKey), keyId: 'k1' })],
    ['by a key of RSA as PEM on one line', () => ({ clientId: 'by-rsa', privateKey: pemOf(rsa.privateKey).replaceAll('\n', '\\n') })],
  ])('signs in %s, once for many requests', async (_how, auth) => {
    const { client, endpoint } = await world(auth);
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(client)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(endpoint()).toBe(1);
  });

  it('signs in anew once for many requests that are refused, a write among them', async () => {
    const { client, simulator, endpoint } = await world(bySecret);
    await get(client);
    simulator.oauth?.expire();
    const write = client.send({ method: 'PUT', kind: 'write', path: 'Patient/p2', body: { resourceType: 'Patient', id: 'p2' } }, c);
    const answers = await Promise.all([write, ...Array.from({ length: 10 }, () => get(client))]);
    expect(answers.map(({ status }) => status)).toEqual([201, ...Array.from({ length: 10 }, () => 200)]);
    expect(endpoint()).toBe(2);
  });

  it('signs in anew before its token ends, so that no request is refused', async () => {
    const { client, simulator, endpoint } = await world(bySecret, 2);
    const statuses = new Set<number>();
    const end = Date.now() + 3_500;
    while (Date.now() < end) {
      statuses.add((await get(client)).status);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect([...statuses]).toEqual([200]);
    expect(endpoint()).toBeGreaterThanOrEqual(2);
    expect(simulator.requests.filter((each) => each.includes('/oauth/token'))).toHaveLength(endpoint());
  });

  it('gives a 401 back where signing in anew does not help', async () => {
    const { client, simulator, endpoint } = await world(bySecret);
    simulator.faults.push({ path: '/fhir/Patient', do: { respond: { status: 401 } } });
    expect((await get(client)).status).toBe(401);
    expect(endpoint()).toBe(2);
  });

  it('signs in for those who wait where the one that asked first is cancelled', async () => {
    const { client, simulator } = await world(bySecret);
    simulator.setLatency(100);
    const end = new AbortController();
    const first = get(client, { ...c, signal: end.signal }).catch((error: unknown) => (error as Error).name);
    const second = get(client);
    setTimeout(() => end.abort(), 20);
    expect(await first).toBe('Cancelled');
    expect((await second).status).toBe(200);
  });
});

describe('a sign-in that fails', () => {
  const failing = async (client: FhirClient): Promise<SystemFailure> =>
    get(client).then(
      () => Promise.reject(new Error('It signed in')),
      (error: unknown) => error as SystemFailure,
    );
  it.each<[string, Auth, string]>([
    ['a wrong secret', { clientId: 'sangam', clientSecret: 'wr0ng-secret' }, '401, invalid_client'],
    ['an unknown client', { clientId: 'nobody', clientSecret: 'wr0ng-secret' }, '401, invalid_client'],
    ['a key of another client', { clientId: 'by-rsa', privateKey: pemOf(ec.privateKey) }, '400, invalid_client'],
    ['a key that is none', { clientId: 'by-ec', privateKey: 'wr0ng-secret' }, 'cannot be read'],
    ['a key of another kind', { clientId: 'by-ec', privateKey: pemOf(generateKeyPairSync('ed25519').privateKey) }, 'neither of RSA nor'],
  ])('says %s in words, and no secret', async (_why, auth, words) => {
    const { client } = await world(() => auth);
    const failure = await failing(client);
    expect(failure).toBeInstanceOf(SystemFailure);
    expect(failure).toMatchObject({ code: 'Unauthorized' });
    expect(failure.message).toContain(words);
    for (const secret of Object.entries(auth).flatMap(([name, value]) =>
      name === 'clientId' ? [] : value.split('\n').filter((line) => line.length > 8),
    ))
      expect(`${failure.message} ${failure.remedy}`).not.toContain(secret);
  });

  it.each([
    [503, 'Unavailable'],
    [429, 'RateLimited'],
    [500, 'ServerError'],
    [302, 'BadResponse'],
    [200, 'BadResponse'],
  ])('is the system’s failure where the endpoint answers %d, and is tried anew', async (status, code) => {
    const { client, simulator } = await world(bySecret);
    simulator.faults.push({ path: '/oauth', times: 1, do: { respond: { status, body: { access_token: 7, error: SECRET } } } });
    const failure = await failing(client);
    expect(failure).toMatchObject({ code });
    expect(`${failure.message} ${failure.remedy}`).not.toContain(SECRET);
    expect((await get(client)).status).toBe(200);
  });

  it('says that the server does not tell where it gives tokens', async () => {
    const { client, simulator } = await world(bySecret);
    simulator.faults.push({ path: '/fhir/.well-known', do: { respond: { status: 404 } } });
    expect(await failing(client)).toMatchObject({ code: 'Unauthorized', remedy: 'Write auth.tokenUrl of the system in the definition.' });
  });
});
