import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a request. `lose`: it is carried out, and its answer lost. */
export type Disturbance =
  | { answer: { status: number; headers?: Record<string, string>; body: string } }
  /** Nothing is ever answered. */
  | 'hang'
  /** The connection breaks before anything is carried out. */
  | 'reset'
  | 'lose';

/** A server before another one that can be made slow, down or odd. */
export interface Front {
  url: string;
  /** Says what becomes of a request; absent: it is passed on. */
  disturb: ((request: IncomingMessage) => Disturbance | undefined) | undefined;
  /** Requests that came, in order, as method and path. */
  requests: string[];
  /** Requests that are being answered. */
  inFlight(): number;
  close(): Promise<void>;
}

/**
 * Starts a front on loopback; `target` is an http address. Links to the target become links to the
 * front.
 */
export async function startFront(target: string): Promise<Front> {
  let open = 0;
  const server = createServer((incoming, response) => {
    open += 1;
    response.once('close', () => (open -= 1));
    front.requests.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    const disturbance = front.disturb?.(incoming);
    if (disturbance === 'hang') return;
    if (disturbance === 'reset') return void incoming.socket.destroy();
    if (disturbance !== undefined && disturbance !== 'lose') {
      const { status, headers, body } = disturbance.answer;
      incoming.resume();
      return void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    }
    passOn(incoming, response, target, front.url, disturbance === 'lose');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const front: Front = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(target).pathname.replace(/\/$/, '')}`,
    disturb: undefined,
    requests: [],
    inFlight: () => open,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close').catch(() => undefined);
    },
  };
  return front;
}

function passOn(incoming: IncomingMessage, response: ServerResponse, target: string, front: string, lose: boolean): void {
  const { host: _host, ...headers } = incoming.headers;
  const url = new URL(incoming.url ?? '/', target);
  const forwarded = ask(url, { method: incoming.method, headers: { ...headers, 'accept-encoding': 'identity' } }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.once('end', () => {
      if (lose) return void incoming.socket.destroy();
      const text = Buffer.concat(chunks).toString().replaceAll(target, front);
      const { 'content-length': _length, 'transfer-encoding': _encoding, ...kept } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, kept).end(text);
    });
  });
  forwarded.once('error', () => incoming.socket.destroy());
  incoming.pipe(forwarded);
}
