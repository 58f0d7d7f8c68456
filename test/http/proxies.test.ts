import { createServer, request as forward } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { selfSigned } from '../support/self-signed.js';
import { startTlsFront } from '../support/tls-front.js';
import { answering, closeAll, listening, send } from '../support/real-servers.js';

const VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'];
const before = VARIABLES.map((name) => [name, process.env[name]] as const);

afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  closeAll();
});

function variables(given: Record<string, string>): void {
  for (const name of VARIABLES) delete process.env[name];
  Object.assign(process.env, given);
}

/** A proxy as they are: a whole address for http, a tunnel for https. */
async function proxy(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const onward = forward(incoming.url ?? '', { method: incoming.method, headers: incoming.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket, head) => {
    asked.push(`CONNECT ${incoming.url}`);
    const [host = '', port = ''] = (incoming.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    for (const each of [onward, socket]) each.on('error', () => (onward.destroy(), socket.destroy()));
  });
  return { url: await listening(server), asked };
}

it('goes by the proxy of HTTP_PROXY to a plain address, whole with its answer', async () => {
  const { url: by, asked } = await proxy();
  const parts: string[] = [];
  const system = await answering((request, response) => {
    request.on('data', (part: Buffer) => parts.push(part.toString()));
    request.on('end', () => response.writeHead(201, { 'x-a': 'b' }).end(`${request.method} ${request.url}`));
  });
  variables({ HTTP_PROXY: by });
  const answer = await send(`${system}/fhir/Patient/1?a=b`, { method: 'PUT', kind: 'write', json: { n: 1 } });
  expect(answer).toMatchObject({ status: 201, text: 'PUT /fhir/Patient/1?a=b', headers: { 'x-a': 'b' } });
  // Each once: a head that comes twice is a second request.
  expect([asked, parts]).toEqual([[`PUT ${system}/fhir/Patient/1?a=b`], ['{"n":1}']]);
});

it('signs in to a proxy as its url says, and to the system behind it as ever', async () => {
  const seen: unknown[] = [];
  const by = await answering(({ headers, url }, response) => {
    seen.push(url, headers.host, headers.authorization, headers['proxy-authorization']);
    response.end();
  });
  variables({ HTTP_PROXY: by.replace('//', '//us%40er:pass@') });
  await send('http://avni.example:8080/api', { headers: { authorization: 'Bearer t' } });
  expect(seen).toEqual([
    'http://avni.example:8080/api',
    'avni.example:8080',
    'Bearer t',
    `Basic ${Buffer.from('us@er:pass').toString('base64')}`,
  ]);
});

it('goes by the proxy of HTTPS_PROXY to an encrypted address, in a tunnel', async () => {
  const { url: by, asked } = await proxy();
  const front = await startTlsFront(selfSigned());
  try {
    variables({ HTTPS_PROXY: by, HTTP_PROXY: 'http://127.0.0.1:1' });
    // That it meets the certificate of the system shows what the tunnel leads to.
    await expect(send(`${front.url}/x?token=secret`)).rejects.toMatchObject({ code: 'TlsFailed' });
    expect(asked).toEqual([`CONNECT ${new URL(front.url).host}`]);
  } finally {
    await front.shut();
  }
});

it.each(['127.0.0.1', 'localhost, 127.0.0.1', '*', '.0.0.1'])('goes straight to what NO_PROXY names: %s', async (excepted) => {
  const { url: by, asked } = await proxy();
  const system = await answering((_request, response) => response.end('straight'));
  variables({ HTTP_PROXY: by, HTTPS_PROXY: by, NO_PROXY: excepted });
  expect((await send(system)).text).toBe('straight');
  variables({ HTTP_PROXY: by, NO_PROXY: 'elsewhere.example' });
  expect((await send(system)).text).toBe('straight');
  expect(asked).toHaveLength(1);
});

it('says that the proxy may be at fault where it is', async () => {
  const system = await answering((_request, response) => response.end());
  variables({ HTTP_PROXY: 'http://127.0.0.1:1' });
  const failure = await send(system).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'Unreachable', remedy: expect.stringContaining('HTTP_PROXY') });
});

describe.each([
  'ht tp://user:s3cret@proxy',
  'http://us%er:s3cret@127.0.0.1:1',
  'socks5://user:s3cret@127.0.0.1:1',
  'http://127.0.0.1:99999',
  'http://',
])('a variable that names no proxy, such as %s,', (by) => {
  it.each([
    ['HTTP_PROXY', 'http'],
    ['HTTPS_PROXY', 'https'],
    ['https_proxy', 'https'],
    ['ALL_PROXY', 'http'],
    ['ALL_PROXY', 'https'],
  ])('is said by its name, %s, where it is used', async (name, scheme) => {
    variables({ [name]: by });
    const failure = await send(`${scheme}://127.0.0.1:1`).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'Unreachable', message: expect.stringContaining(`the variable ${name}`) });
    expect(JSON.stringify(failure)).not.toContain('s3cret');
  });
});
