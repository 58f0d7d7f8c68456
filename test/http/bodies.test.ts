import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { answering, closeAll, send } from '../support/real-servers.js';

afterEach(closeAll);

const person = '{"name":"आशा"}';

describe('a body', () => {
  it.each(['', 'a', 'hello', person, JSON.stringify({ n: Math.PI }), 'x'.repeat(100_000), 'abc'.repeat(50_000)])(
    'is read whether “deflate” has its header or not: %#',
    async (text) => {
      for (const encode of [deflateSync, deflateRawSync]) {
        for (const level of [0, 1, 9]) {
          const url = await answering((_request, response) =>
            response.writeHead(200, { 'content-encoding': 'deflate' }).end(encode(text, { level })),
          );
          expect((await send(url)).text).toBe(text);
        }
      }
    },
  );

  it('loses its byte-order mark, and no other', async () => {
    const plain = await answering((_request, response) => response.end(`\uFEFF${person}`));
    expect((await send(plain)).text).toBe(person);
    const packed = await answering((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(`\uFEFF${person}\uFEFF`)),
    );
    expect((await send(packed)).text).toBe(`${person}\uFEFF`);
  });

  it.each([
    ['as it is', {}, (body: Buffer) => body],
    ['packed', { 'content-encoding': 'gzip' }, (body: Buffer) => gzipSync(body)],
    ['as it says', { 'content-type': 'application/json; charset=ISO-8859-1' }, (body: Buffer) => body],
  ])('that is not in UTF-8, %s, is not read as if it were', async (_how, headers, encode) => {
    const answer = encode(Buffer.from('{"name":"M\u00e9li"}', 'latin1'));
    const url = await answering((_request, response) => response.writeHead(200, headers).end(answer));
    await expect(send(url)).rejects.toMatchObject({ code: 'BadResponse', status: 200, message: expect.stringContaining('not in UTF-8') });
    const refusing = await answering((_request, response) => response.writeHead(503, headers).end(answer));
    expect(await send(refusing)).toMatchObject({ status: 503 });
  });

  it.each([
    ['plain', {}, (text: string) => text],
    ['packed', { 'content-encoding': 'gzip' }, (text: string) => gzipSync(text)],
  ])('is left while it is read where it is endless, %s or larger than allowed', async (_how, headers, encode) => {
    let sent = 0;
    const endless = await answering((_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (response.destroyed) return;
        sent += 65_536;
        if (response.write('x'.repeat(65_536))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    const limit = { maxBodyBytes: 1_000_000 };
    const tooLarge = { code: 'BadResponse', status: 200, message: expect.stringContaining('more than 1000000 bytes') };
    await expect(send(endless, {}, limit)).rejects.toMatchObject(tooLarge);
    expect(sent).toBeLessThan(20_000_000);
    const large = await answering((_request, response) => response.writeHead(200, headers).end(encode('x'.repeat(1_000_001))));
    await expect(send(large, {}, limit)).rejects.toMatchObject(tooLarge);
  });
});

describe('what is no success', () => {
  const STATUSES = [301, 401, 403, 404, 429, 500, 503];

  it.each(STATUSES)('counts by its status where its body is cut off: %i', async (status) => {
    const headers = { 'content-length': '1000', 'retry-after': '7' };
    const url = await answering((_request, response) => {
      response.writeHead(status, headers);
      response.write('{"message":"Unable to acquire', () => response.destroy());
    });
    expect(await send(url)).toMatchObject({ status, headers: { 'retry-after': '7' }, text: '{"message":"Unable to acquire' });
  });

  it.each(STATUSES)('counts by its status where its body does not end in time, or never: %i', async (status) => {
    const hangs = await answering((_request, response) => {
      response.writeHead(status);
      response.write('{"message":');
    });
    expect(await send(hangs, {}, { timeout: 300 })).toMatchObject({ status, text: '{"message":' });
    const endless = await answering((_request, response) => {
      response.writeHead(status);
      const more = (): void =>
        void (response.destroyed || (response.write('x'.repeat(65_536)) ? setImmediate(more) : response.once('drain', more)));
      more();
    });
    const { status: said, text } = await send(endless);
    expect([said, text.length <= 1_048_576 + 65_536]).toEqual([status, true]);
  });

  it('counts by its status where its body is not what it says', async () => {
    const url = await answering((_request, response) => response.writeHead(502, { 'content-encoding': 'gzip' }).end('<html>'));
    expect(await send(url)).toMatchObject({ status: 502, text: '' });
  });

  it('is told without what we signed in with, and no longer than can be of use', async () => {
    const token = 'eyJhbGciOi.secret-of-ours';
    const url = await answering((request, response) =>
      response.writeHead(403).end(`${request.headers.authorization} is not allowed ${'x'.repeat(3_000_000)}`),
    );
    const { text } = await send(url, { headers: { authorization: `Bearer ${token}` }, secrets: [token, ''] });
    expect(text.slice(0, 30)).toMatch(/^Bearer … is not allowed x+$/);
    expect(text.length).toBeLessThan(1_200_000);
  });

  it.each<[string, (secret: string) => string]>([
    ['JSON', (secret) => JSON.stringify(secret).slice(1, -1)],
    ['JSON of other servers', (secret) => [...secret].map((sign) => (sign === '/' ? '\\/' : JSON.stringify(sign).slice(1, -1))).join('')],
    [
      'JSON without letters',
      (secret) =>
        Array.from({ length: secret.length }, (_, at) => `\\u${secret.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')}`).join(
          '',
        ),
    ],
    ['JSON within JSON', (secret) => JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ['an address', (secret) => encodeURIComponent(secret)],
    ['a form', (secret) => new URLSearchParams({ secret }).toString().slice('secret='.length)],
    ['a web page', (secret) => secret.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;').replace(/'/g, '&#039;')],
    ['XML', (secret) => [...secret].map((sign) => `&#x${(sign.codePointAt(0) ?? 0).toString(16)};`).join('')],
  ])('is told without it as %s writes it', async (_what, write) => {
    for (const secret of ['pa"ss\\wo/rd=', "<it's & so>", 'पासवर्ड😀 1', 'a+b.c*d(e)$', '\\\\\\\\\\\\"x']) {
      const url = await answering((_request, response) => response.writeHead(401).end(`<<${write(secret)}>>`));
      expect((await send(url, { secrets: [secret] })).text).toBe('<<…>>');
    }
  });

  it('takes no time to be looked through, whatever it says', async () => {
    const secret = `${'\\'.repeat(6)}${'"\\"/a'.repeat(6)}`;
    for (const each of ['\\', '\\"', '"\\"/a', '%5c', '&#0000092;', '/']) {
      const url = await answering((_request, response) => response.writeHead(401).end(each.repeat(200_000)));
      const before = process.cpuUsage();
      await send(url, { secrets: [secret] });
      expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
    }
  });

  it('is no answer where only a success was cut off: its status is said', async () => {
    const cut = await answering((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"content": [', () => response.destroy());
    });
    await expect(send(cut)).rejects.toMatchObject({ code: 'BadResponse', status: 200, message: expect.stringContaining('cut short (200') });
    const hangs = await answering((_request, response) => response.writeHead(201).flushHeaders());
    await expect(send(hangs, {}, { timeout: 200 })).rejects.toMatchObject({ code: 'TimedOut', status: 201 });
    const chunked = await answering((_request, response) => {
      response.writeHead(200);
      response.write('{"content": [', () => response.destroy());
    });
    await expect(send(chunked)).rejects.toMatchObject({ code: 'BadResponse', status: 200 });
  });
});
