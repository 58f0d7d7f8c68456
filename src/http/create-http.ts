import { setMaxListeners } from 'node:events';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Cancelled, SystemFailure } from '../errors/system-failure.js';
import { writeJson } from '../json/json.js';
import { exchange, ExchangeFailed, type ExchangeOptions, type Outgoing } from './exchange.js';
import type { Http, HttpRequest, HttpResponse } from './http.js';

export interface CreateHttpOptions {
  /** Milliseconds for a whole request. Default 30,000. */
  timeout?: number;
  /** Bytes of a decoded body. Default 64 MiB. */
  maxBodyBytes?: number;
}

const TLS = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;

/** The engine's HTTP: see `Http` for what it promises. */
export function createHttp({ timeout = 30_000, maxBodyBytes = 64 * 1024 * 1024 }: CreateHttpOptions = {}): Http {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const options: ExchangeOptions = { agents, timeout, connectTimeout: Math.min(timeout, 10_000), maxBodyBytes };
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    if (request.signal.aborted) throw new Cancelled('Cancelled before the request was sent');
    // One signal ends many requests at once: Node takes more than ten listeners for a leak.
    setMaxListeners(0, request.signal);
    try {
      const { status, headers, text } = await exchange(outgoing(request), options);
      return { status, headers: flat(headers), text };
    } catch (error) {
      throw failureOf(error, request, options);
    }
  };
  return {
    send,
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function outgoing({ method, url, headers = {}, json, form, kind, signal }: HttpRequest): Outgoing {
  const body = json !== undefined ? writeJson(json) : form ? new URLSearchParams(form).toString() : undefined;
  const type = json !== undefined ? 'application/json' : 'application/x-www-form-urlencoded';
  return {
    url: new URL(url),
    method,
    headers: body === undefined ? headers : { 'content-type': type, ...headers },
    ...(body !== undefined ? { body } : {}),
    ...(kind === 'read' ? { signal } : {}),
  };
}

function flat(headers: Record<string, string | string[] | undefined>): HttpResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
}

/** Method and host alone: a path or query may name a record. */
function place(request: HttpRequest): string {
  return `${request.method} ${new URL(request.url).origin}`;
}

function tooLarge(request: HttpRequest, limit: number): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: `${place(request)} answered with more than ${limit} bytes.`,
    remedy: 'Make pageSize of the system smaller.',
  });
}

function failureOf(error: unknown, request: HttpRequest, { timeout, maxBodyBytes }: ExchangeOptions): Error {
  if (request.kind === 'read' && request.signal.aborted) return new Cancelled('Cancelled while reading');
  const { why, code } = error instanceof ExchangeFailed ? error : { why: 'failed' as const, code: 'unknown' };
  if (why === 'tooLarge') return tooLarge(request, maxBodyBytes);
  if (why === 'timedOut')
    return new SystemFailure({
      code: 'TimedOut',
      message: `${place(request)} did not answer within ${timeout} ms.`,
      remedy: 'See whether the system is overloaded or hangs; it is tried again by itself.',
    });
  // A server that speaks no TLS breaks the protocol.
  if (TLS.test(code) || (code === 'EPROTO' && request.url.startsWith('https:')))
    return new SystemFailure({
      code: 'TlsFailed',
      message: `The certificate of ${new URL(request.url).origin} is not accepted (${code}).`,
      remedy: 'Renew the certificate, or give Node its authority by NODE_EXTRA_CA_CERTS.',
    });
  if (why === 'cutShort')
    return new SystemFailure({
      code: 'BadResponse',
      message: `The answer to ${place(request)} was cut short (${code}).`,
      remedy: 'See whether a proxy cuts answers off; it is tried again by itself.',
    });
  return new SystemFailure({
    code: 'Unreachable',
    message: `No connection for ${place(request)} (${code}).`,
    remedy: 'See whether the system runs and the url is right; it is tried again by itself.',
  });
}
