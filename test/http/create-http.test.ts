import { getEventListeners } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { answering, closeAll, listening, send } from '../support/real-servers.js';

afterEach(closeAll);

describe('the one HTTP place', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('reads bodies in %s', async (encoding, encode) => {
    const url = await answering((request, response) => {
      expect(request.headers['accept-encoding']).toContain(encoding);
      response.writeHead(200, { 'content-encoding': encoding }).end(encode('{"a":"आशा"}'));
    });
    expect(await send(url)).toMatchObject({ status: 200, text: '{"a":"आशा"}' });
  });

  it('sends JSON and forms whole, and gives any status with its headers', async () => {
    const url = await answering((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () =>
        response.writeHead(422, { 'x-a': ['1', '2'] }).end(`${request.headers['content-type']} ${Buffer.concat(parts).toString()}`),
      );
    });
    const json = await send(url, { method: 'POST', kind: 'write', json: { n: 'आशा' } });
    expect(json).toMatchObject({ status: 422, text: 'application/json {"n":"आशा"}', headers: { 'x-a': '1, 2' } });
    const fhir = await send(url, { method: 'PUT', kind: 'write', json: {}, headers: { 'content-type': 'application/fhir+json' } });
    expect(fhir.text).toBe('application/fhir+json {}');
    expect((await send(url, { method: 'POST', form: { a: 'b c' } })).text).toBe('application/x-www-form-urlencoded a=b+c');
  });

  it('leaves nothing of a request on a signal that ends thousands, so that no body is held for as long', async () => {
    const { signal } = new AbortController();
    const url = await answering(({ url: path }, response) => {
      if (path === '/cut') response.writeHead(200, { 'content-length': '9' }).write('1', () => response.destroy());
      else response.writeHead(path === '/gone' ? 404 : 200).end('{"a":"long"}');
    });
    await send(url, { signal });
    await send(`${url}/gone`, { signal });
    await expect(send(`${url}/cut`, { signal })).rejects.toMatchObject({ code: 'BadResponse' });
    await expect(send(url, { signal }, { maxBodyBytes: 3 })).rejects.toThrow();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('follows no redirect', async () => {
    const url = await answering((_request, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect((await send(url)).status).toBe(302);
  });

  it('says why there is no whole answer', async () => {
    const closed = await listening(createTcpServer());
    closeAll();
    await expect(send(closed)).rejects.toMatchObject({ code: 'Unreachable' });
    await expect(
      send(await listening(createTcpServer((socket) => socket.on('error', () => undefined).resetAndDestroy()))),
    ).rejects.toMatchObject({ code: 'Unreachable' });
    const cut = await answering((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"content": [', () => response.destroy());
    });
    await expect(send(cut)).rejects.toMatchObject({ code: 'BadResponse', message: expect.stringContaining('cut short') });
    const notGzip = await answering((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain'));
    await expect(send(notGzip)).rejects.toMatchObject({ code: 'BadResponse' });
    const hangs = await answering((_request, response) => response.writeHead(200).flushHeaders());
    await expect(send(hangs, {}, { timeout: 100 })).rejects.toMatchObject({ code: 'TimedOut' });
    const notTls = (await answering((_request, response) => response.end())).replace('http:', 'https:');
    await expect(send(notTls)).rejects.toMatchObject({ code: 'TlsFailed' });
  });

  it('takes no more than its limit, packed or not', async () => {
    const large = 'x'.repeat(5_000);
    const plain = await answering((_request, response) => response.end(large));
    await expect(send(plain, {}, { maxBodyBytes: 1_000 })).rejects.toMatchObject({
      code: 'BadResponse',
      message: expect.stringContaining('more than 1000 bytes'),
    });
    const packed = await answering((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(large)));
    await expect(send(packed, {}, { maxBodyBytes: 1_000 })).rejects.toMatchObject({
      code: 'BadResponse',
      message: expect.stringContaining('more than 1000 bytes'),
    });
  });

  it('ends reads at once when told to, waits for writes, and starts nothing afterwards', async () => {
    const told = new AbortController();
    let release: () => void = () => undefined;
    const url = await answering((_request, response) => {
      const before = release;
      release = () => (before(), response.end('done'));
      if (_request.method === 'PUT') told.abort();
    });
    const read = send(url, { signal: told.signal });
    const write = send(url, { method: 'PUT', kind: 'write', json: {}, signal: told.signal });
    await expect(read).rejects.toMatchObject({ name: 'Cancelled' });
    release();
    expect((await write).text).toBe('done');
    await expect(send(url, { method: 'PUT', kind: 'write', signal: told.signal })).rejects.toMatchObject({ name: 'Cancelled' });
  });
});
