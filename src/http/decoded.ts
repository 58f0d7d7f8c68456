import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

const decoders = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) };
const raw = promisify(inflateRaw);

/** Thrown where a body is not in UTF-8: read as such, some of its letters would be others. */
export class NotUtf8 extends Error {
  override readonly name = 'NotUtf8';
}

/** `strict`: whether all of it counts, so that none of it may be read as something else. */
interface Decoding {
  maxBodyBytes: number;
  strict: boolean;
}

/**
 * A body as text, up to so many bytes, without a byte-order mark. At once, and not by got, which
 * takes some raw deflate for the other kind.
 *
 * @throws NotUtf8; Error of zlib: `ERR_BUFFER_TOO_LARGE` where it is larger
 */
export async function decoded(body: Buffer, encoding: string | undefined, { maxBodyBytes, strict }: Decoding): Promise<string> {
  const name = encoding?.trim().toLowerCase();
  if (body.length === 0 || name === undefined || !Object.hasOwn(decoders, name)) return textOf(body, strict);
  const decode = name === 'deflate' && !hasZlibHeader(body) ? raw : decoders[name as keyof typeof decoders];
  return textOf(await decode(body, { maxOutputLength: maxBodyBytes }), strict);
}

/** RFC 1950: the method, and a checksum over two bytes. Many servers send “deflate” without it. */
function hasZlibHeader(body: Buffer): boolean {
  return body.length > 1 && ((body[0] ?? 0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}

function textOf(body: Buffer, strict: boolean): string {
  if (strict && !isUtf8(body)) throw new NotUtf8();
  const text = body.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
