import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { AvniSession } from '../../../src/connectors/avni/session.js';
import { Cancelled, SystemFailure } from '../../../src/errors/system-failure.js';
import { createHttp } from '../../../src/http/create-http.js';
import type { HttpResponse } from '../../../src/http/http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../../src/simulators/avni/organisation.js';
import { until } from '../../support/until.js';

const http = createHttp({ timeout: 20_000 });
const USER = { username: 'u', password: 'p' };
const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) void each.close();
});
afterAll(() => http.close());

interface Avni {
  session: AvniSession;
  /** Sign-ins that wait for their answer; one whose caller hung up is gone. */
  waiting: ServerResponse[];
  /** How many there were. */
  signIns(): number;
  get(cancel: AbortController): Promise<HttpResponse | Error>;
}

/**
 * Sign-ins are answered when the test lets them be; whatever else is asked with the last token is
 * answered well.
 */
async function avni(): Promise<Avni> {
  const waiting: ServerResponse[] = [];
  let signIns = 0;
  const server = createServer((request, response) => {
    request.resume();
    if (request.url !== '/api/user/generateToken')
      return void response.writeHead(request.headers['auth-token'] === 'good' ? 200 : 401).end();
    signIns += 1;
    waiting.push(response);
    response.once('close', () => waiting.splice(waiting.indexOf(response), 1));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({ close: () => (server.closeAllConnections(), server.close()) });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const session = new AvniSession({ url, auth: USER });
  const get: Avni['get'] = ({ signal }) => session.get('/api/subjects', {}, { signal, http, log: silent }).catch((error: Error) => error);
  return { session, waiting, signIns: () => signIns, get };
}

const answer = (response: ServerResponse | undefined, status: number, body: object): void =>
  void response?.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

it.each<[string, unknown]>([
  ['a line break', 'good\r\nhost: evil.example'],
  ['a letter that no header carries', 'gööd…'],
  ['nothing in it', ''],
  ['3 MB', 'x'.repeat(3_000_000)],
])('is the system’s failure where the token that Avni gives has %s, which is sent nowhere', async (_what, authToken) => {
  const { get, waiting, signIns } = await avni();
  const got = get(new AbortController());
  await until('it is under way', () => waiting.length === 1);
  answer(waiting[0], 200, { authToken });
  expect(await got).toMatchObject({ code: 'BadResponse', message: expect.stringContaining('"authToken"') as unknown });
  expect(signIns()).toBe(1);
});

describe('a sign-in to Avni that many wait for', () => {
  it('goes on for the others when the one who began it is cancelled', async () => {
    const { get, waiting, signIns } = await avni();
    const [first, second] = [new AbortController(), new AbortController()];
    const [began, joined] = [get(first), get(second)];
    await until('it is under way', () => waiting.length === 1);
    first.abort();
    expect(await began).toBeInstanceOf(Cancelled);
    expect(waiting).toHaveLength(1);
    answer(waiting[0], 200, { authToken: 'good' });
    expect(await joined).toMatchObject({ status: 200 });
    expect(signIns()).toBe(1);
  });

  it('ends once all are cancelled, and whoever comes next begins another', async () => {
    const { get, waiting, signIns } = await avni();
    const cancel = [new AbortController(), new AbortController()];
    const waiters = cancel.map(get);
    await until('it is under way', () => waiting.length === 1);
    for (const each of cancel) each.abort();
    for (const each of await Promise.all(waiters)) expect(each).toBeInstanceOf(Cancelled);
    const next = get(new AbortController());
    await until('the first is hung up on, and another is there', () => signIns() === 2 && waiting.length === 1);
    answer(waiting[0], 200, { authToken: 'good' });
    expect(await next).toMatchObject({ status: 200 });
  });

  it('fails for all who wait, and is tried anew by the next', async () => {
    const { get, waiting, signIns } = await avni();
    const waiters = [1, 2].map(() => get(new AbortController()));
    await until('it is under way', () => waiting.length === 1);
    answer(waiting[0], 503, {});
    for (const each of await Promise.all(waiters)) expect(each).toBeInstanceOf(SystemFailure);
    const next = get(new AbortController());
    await until('another is under way', () => signIns() === 2 && waiting.length === 1);
    answer(waiting[0], 200, { authToken: 'good' });
    expect(await next).toMatchObject({ status: 200 });
  });
});

describe('a token that Avni refuses', () => {
  const signedIn = async (): Promise<{ simulator: AvniSimulator; get: () => Promise<HttpResponse>; asked: () => string[] }> => {
    const simulator = await startAvniSimulator({ organisation: new AvniOrganisation() });
    open.push(simulator);
    simulator.settings.idp = 'set';
    const session = new AvniSession({ url: simulator.url, auth: USER });
    const c = { signal: new AbortController().signal, http, log: silent };
    return { simulator, get: () => session.get('/api/subjects', {}, c), asked: () => simulator.requests };
  };
  const REFUSED = { path: '/api/subjects', do: { respond: { status: 401, body: '' } } } as const;
  const round = ['POST /api/user/generateToken', 'GET /api/subjects'];

  it('is renewed within the call, also where it was made for that very call', async () => {
    const { simulator, get, asked } = await signedIn();
    simulator.faults.push({ ...REFUSED, times: 1 });
    expect(await get()).toMatchObject({ status: 200 });
    expect(asked()).toEqual([...round, ...round]);
    expect(await get()).toMatchObject({ status: 200 });
    expect(asked()).toEqual([...round, ...round, 'GET /api/subjects']);
  });

  it('is renewed once for all that it was refused to', async () => {
    const { simulator, get, asked } = await signedIn();
    await get();
    simulator.expireTokens();
    for (const { status } of await Promise.all(Array.from({ length: 5 }, get))) expect(status).toBe(200);
    expect(asked().filter((each) => each.startsWith('POST'))).toHaveLength(2);
  });

  it('is renewed no more than once in a call', async () => {
    const { simulator, get, asked } = await signedIn();
    simulator.faults.push(REFUSED);
    expect(await get()).toMatchObject({ status: 401 });
    expect(asked()).toEqual([...round, ...round]);
  });
});
