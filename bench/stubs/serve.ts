import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a stub answers with: a body that is JSON text already. */
export interface StubAnswer {
  status?: number;
  body: string;
}

/** What every stub counts. */
interface Traffic {
  inFlight: number;
  /** When the last request came or was answered, in milliseconds since the epoch. */
  lastAt: number;
  /** Milliseconds of the longest request that was no read. */
  longestWrite: number;
}

/**
 * Serves on loopback, each answer so many milliseconds after its request, and prints `{"url"}`.
 * `/stub/…` is answered at once, by `control`: that is how a run asks for counts.
 */
export async function serve(
  latency: number,
  handle: (request: { method: string; url: URL; body: string }) => StubAnswer,
  control: (path: string) => object,
): Promise<void> {
  const traffic: Traffic = { inFlight: 0, lastAt: 0, longestWrite: 0 };
  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://stub');
    if (url.pathname.startsWith('/stub/')) return send(response, { body: JSON.stringify({ ...control(url.pathname), ...traffic }) });
    count(traffic, incoming.method === 'GET' || url.pathname.endsWith('/_search'), response);
    void read(incoming).then((body) => {
      const begin = performance.now();
      const answer = handle({ method: incoming.method ?? 'GET', url, body });
      // What it takes to make the answer is part of the time it is said to take.
      setTimeout(() => send(response, answer), Math.max(0, latency - (performance.now() - begin)));
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`);
}

function count(traffic: Traffic, isRead: boolean, response: ServerResponse): void {
  const begin = Date.now();
  traffic.inFlight += 1;
  traffic.lastAt = begin;
  response.once('close', () => {
    traffic.inFlight -= 1;
    traffic.lastAt = Date.now();
    if (!isRead) traffic.longestWrite = Math.max(traffic.longestWrite, traffic.lastAt - begin);
  });
}

async function read(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, { status = 200, body }: StubAnswer): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
