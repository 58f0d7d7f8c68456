import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { createHttp, type CreateHttpOptions } from '../../src/http/create-http.js';
import type { HttpRequest, HttpResponse } from '../../src/http/http.js';

const open: { close(): unknown }[] = [];

/** Ends all that was begun here. */
export function closeAll(): void {
  for (const each of open.splice(0)) each.close();
}

/** The address of a server that listens on loopback until `closeAll`. */
export async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The address of an HTTP server that answers so. */
export async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  open.push({ close: () => server.closeAllConnections() });
  return listening(server);
}

/** One request by an HTTP place of its own: a read, unless it says otherwise. */
export function send(url: string, request: Partial<HttpRequest> = {}, options: CreateHttpOptions = {}): Promise<HttpResponse> {
  const http = createHttp(options);
  open.push(http);
  return http.send({ method: 'GET', url, kind: 'read', signal: new AbortController().signal, ...request });
}
