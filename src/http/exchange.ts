import type { IncomingHttpHeaders } from 'node:http';
import { TimeoutError, type Got } from 'got';
import type { Way } from './connections.js';
import { decoded, NotUtf8 } from './decoded.js';
import { ExchangeFailed } from './exchange-failed.js';

export interface Outgoing {
  url: URL;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  way: Way;
  headers: Record<string, string>;
  body?: string;
  /** Ends it at once, whatever has been sent. */
  signal?: AbortSignal;
}

export interface Incoming {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Bytes of the body of an answer that is no success: it is there to be quoted. */
const LONGEST_REFUSAL = 1024 * 1024;

interface Body extends Omit<Incoming, 'text'> {
  raw: Buffer;
  /** Where it did not come whole. */
  failed?: ExchangeFailed;
}

/**
 * One request and its answer, decoded. What is no success counts by its status, whatever became of
 * its body: its text may be cut short.
 *
 * @throws ExchangeFailed, and nothing else.
 */
export async function exchange(client: Got, outgoing: Outgoing, maxBodyBytes: number): Promise<Incoming> {
  const { status, headers, raw, failed } = await endedBy(outgoing.signal, (signal) =>
    read(client, { ...outgoing, ...signal }, maxBodyBytes),
  );
  const isSuccess = status < 300;
  if (failed && isSuccess) throw failed;
  try {
    return { status, headers, text: await decoded(raw, headers['content-encoding'], { maxBodyBytes, strict: isSuccess }) };
  } catch (error) {
    if (!isSuccess) return { status, headers, text: '' };
    if (error instanceof NotUtf8) throw new ExchangeFailed('notUtf8', 'NotUtf8', status);
    const code = codeOf(error);
    throw new ExchangeFailed(code === 'ERR_BUFFER_TOO_LARGE' ? 'tooLarge' : 'cutShort', code, status);
  }
}

/**
 * One signal ends thousands of requests, and a stream of got listens to its signal for ever, with
 * the body it read in hand: so each request has its own, which is let go with it.
 */
async function endedBy<T>(whole: AbortSignal | undefined, work: (own: { signal?: AbortSignal }) => Promise<T>): Promise<T> {
  if (!whole) return work({});
  const own = new AbortController();
  const end = (): void => own.abort();
  if (whole.aborted) end();
  else whole.addEventListener('abort', end, { once: true });
  try {
    return await work({ signal: own.signal });
  } finally {
    whole.removeEventListener('abort', end);
  }
}

/** As a stream, so that what is too large is left while it is read. */
function read(client: Got, { url, way, body, ...outgoing }: Outgoing, maxBodyBytes: number): Promise<Body> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    let head: Omit<Incoming, 'text'> | undefined;
    const done = (failed?: ExchangeFailed): void => {
      if (head) resolve({ ...head, raw: Buffer.concat(parts), ...(failed ? { failed } : {}) });
      else reject(failed ?? new ExchangeFailed('failed', 'unknown'));
    };
    const stream = client.stream(url, { ...outgoing, ...way, ...(body !== undefined ? { body } : {}) });
    stream.once('response', ({ statusCode, headers }: { statusCode: number; headers: IncomingHttpHeaders }) => {
      head = { status: statusCode, headers };
    });
    stream.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size <= (head && head.status >= 300 ? LONGEST_REFUSAL : maxBodyBytes)) return;
      done(new ExchangeFailed('tooLarge', 'TooLarge', head?.status));
      stream.destroy();
    });
    stream.once('end', () => done());
    stream.on('error', (error: unknown) => {
      const why = error instanceof TimeoutError ? 'timedOut' : head ? 'cutShort' : 'failed';
      done(new ExchangeFailed(why, codeOf(error), head?.status));
    });
    // got sends what needs no body by itself, and waits for that of others.
    if (body === undefined && outgoing.method !== 'GET') stream.end();
  });
}

function codeOf(error: unknown): string {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
}
