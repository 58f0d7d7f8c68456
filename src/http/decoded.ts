import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { ExchangeFailed } from './exchange.js';

const decoders = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) };

/** A body as text, up to so many bytes. @throws ExchangeFailed where it is cut short, or larger. */
export async function decoded(raw: Buffer, encoding: string | undefined, maxBodyBytes: number): Promise<string> {
  const name = encoding?.trim().toLowerCase();
  if (raw.length === 0 || name === undefined || !Object.hasOwn(decoders, name)) return raw.toString('utf8');
  try {
    return (await decoders[name as keyof typeof decoders](raw, { maxOutputLength: maxBodyBytes })).toString('utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new ExchangeFailed(code === 'ERR_BUFFER_TOO_LARGE' ? 'tooLarge' : 'cutShort', code);
  }
}
