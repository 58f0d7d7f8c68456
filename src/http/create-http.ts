import { setMaxListeners } from 'node:events';
import got from 'got';
import { Cancelled } from '../errors/system-failure.js';
import { writeJson } from '../json/json.js';
import { Connections } from './connections.js';
import { exchange, type Outgoing } from './exchange.js';
import { failureOf } from './failure-of-exchange.js';
import type { Http, HttpRequest, HttpResponse } from './http.js';
import { withoutSecrets } from './without-secrets.js';

export interface CreateHttpOptions {
  /** Milliseconds for a whole request. Default 30,000. */
  timeout?: number;
  /** Bytes of a decoded body. Default 64 MiB. */
  maxBodyBytes?: number;
}

/** Milliseconds for finding the system and connecting to it. */
const CONNECT_TIMEOUT = 10_000;

/** The engine's HTTP: see `Http` for what it promises. */
export function createHttp({ timeout = 30_000, maxBodyBytes = 64 * 1024 * 1024 }: CreateHttpOptions = {}): Http {
  const connections = new Connections();
  const connect = Math.min(timeout, CONNECT_TIMEOUT);
  // Bodies are decoded by `decoded`, JSON is written and read by src/json: got does the rest.
  const client = got.extend({
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    decompress: false,
    timeout: { request: timeout, lookup: connect, connect, secureConnect: connect },
    headers: { 'user-agent': 'sangam', 'accept-encoding': 'gzip, deflate, br' },
  });
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    if (request.signal.aborted) throw new Cancelled('Cancelled before the request was sent');
    // One signal ends many requests at once: Node takes more than ten listeners for a leak.
    setMaxListeners(0, request.signal);
    try {
      const { status, headers, text } = await exchange(client, outgoing(request, connections), maxBodyBytes);
      return { status, headers: flat(headers), text: status < 300 ? text : withoutSecrets(text, request) };
    } catch (error) {
      throw failureOf(error, request, { timeout, maxBodyBytes });
    }
  };
  return { send, close: () => connections.close() };
}

function outgoing({ method, url: address, headers = {}, json, form, kind, signal }: HttpRequest, connections: Connections): Outgoing {
  const body = json !== undefined ? writeJson(json) : form ? new URLSearchParams(form).toString() : undefined;
  const type = json !== undefined ? 'application/json' : 'application/x-www-form-urlencoded';
  const url = new URL(address);
  return {
    url,
    method,
    way: connections.to(url),
    headers: body === undefined ? headers : { 'content-type': type, ...headers },
    ...(body !== undefined ? { body } : {}),
    ...(kind === 'read' ? { signal } : {}),
  };
}

function flat(headers: Record<string, string | string[] | undefined>): HttpResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
}
