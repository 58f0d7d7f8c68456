import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * How an answer goes wrong: a status, another body, or none at all. `entry`: the status of each
 * entry of a bundle that is hit, inside a 200.
 */
export type Misbehaviour =
  | { status: number; body?: string }
  | { entry: number | 'none' }
  | { body: string }
  | 'hang'
  | 'reset'
  | 'truncate'
  /** Nobody listens. */
  | 'refuse';

/** A request as the front sees it; `answer` is the server's text, for what is read. */
export interface Passing {
  method: string;
  /** Path and query, decoded. */
  url: string;
  body: string;
  answer: string;
}

interface FrontOptions {
  /** The server behind. */
  target: string;
  how: Misbehaviour;
  /** What goes wrong. */
  hits(passing: Passing): boolean;
  /** Whether everything goes wrong once anything did. */
  spreads: boolean;
  /** `refuse`: it listens until it answered the first request. */
  afterReading: boolean;
}

export interface Front {
  url: string;
  /** Answers that went wrong. */
  hits: number;
  requests: number;
  close(): Promise<void>;
}

/**
 * A real HTTP server before another one, that misbehaves for some requests and passes all others
 * on.
 */
export async function startMisbehavingFront({ target, how, hits, spreads, afterReading }: FrontOptions): Promise<Front> {
  const front: Front = { url: '', hits: 0, requests: 0, close: () => Promise.resolve() };
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    front.requests += 1;
    const body = await textOf(incoming);
    const method = incoming.method ?? 'GET';
    const url = decodeURIComponent(incoming.url ?? '/').replaceAll('+', ' ');
    const read = method === 'GET';
    const known = read ? await pass(target, incoming, body) : undefined;
    const isHit = hits({ method, url, body, answer: known?.text ?? '' });
    const sick = spreads && front.hits > 0;
    if (how === 'refuse') {
      reply(response, known ?? (await pass(target, incoming, body)), { connection: 'close' });
      return void server.close();
    }
    if (!isHit && !sick) return reply(response, known ?? (await pass(target, incoming, body)));
    front.hits += 1;
    if (typeof how === 'object' && 'entry' in how && isHit)
      return reply(
        response,
        await passWithout(target, incoming, body, how.entry, (entry) => hits({ method, url, body: entry, answer: '' })),
      );
    // What is sick beyond the bundle fails by the status its entries have.
    misbehave(typeof how === 'object' && 'entry' in how ? { status: how.entry === 'none' ? 500 : how.entry } : how, incoming, response);
  };
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  front.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (how === 'refuse' && !afterReading) server.close();
  front.close = async () => {
    server.closeAllConnections();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  return front;
}

interface Reply {
  status: number;
  type: string;
  text: string;
}

async function pass(target: string, { method = 'GET', url = '/', headers }: IncomingMessage, body: string): Promise<Reply> {
  const kept = ['accept', 'content-type', 'user-name', 'if-match'].flatMap((name) =>
    headers[name] !== undefined ? [[name, String(headers[name])]] : [],
  );
  const response = await fetch(`${target}${url}`, {
    method,
    headers: Object.fromEntries(kept) as Record<string, string>,
    ...(body !== '' ? { body } : {}),
  });
  return { status: response.status, type: response.headers.get('content-type') ?? 'text/plain', text: await response.text() };
}

interface Bundle {
  entry: unknown[];
}

/** As a server without real transactions: the entries that are hit are not done, the others are. */
async function passWithout(
  target: string,
  incoming: IncomingMessage,
  body: string,
  status: number | 'none',
  isHit: (entry: string) => boolean,
): Promise<Reply> {
  const bundle = JSON.parse(body) as Bundle;
  const hit = bundle.entry.map((entry) => isHit(JSON.stringify(entry)));
  const rest = bundle.entry.filter((_entry, index) => !hit[index]);
  const answer = await pass(target, incoming, JSON.stringify({ ...bundle, entry: rest }));
  const done = rest.length > 0 ? [...(JSON.parse(answer.text) as Bundle).entry] : [];
  const refused = { response: status === 'none' ? {} : { status: String(status) } };
  const entry = hit.map((each) => (each ? refused : done.shift()));
  return {
    status: 200,
    type: 'application/fhir+json',
    text: JSON.stringify({ resourceType: 'Bundle', type: 'transaction-response', entry }),
  };
}

function misbehave(how: Exclude<Misbehaviour, { entry: unknown } | 'refuse'>, incoming: IncomingMessage, response: ServerResponse): void {
  if (how === 'hang') return;
  if (how === 'reset') return void incoming.socket.destroy();
  if (how === 'truncate') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"content": [');
    return void incoming.socket.end();
  }
  reply(response, { status: 'status' in how ? how.status : 200, type: 'text/plain', text: how.body ?? '' });
}

function reply(response: ServerResponse, { status, type, text }: Reply, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(status === 204 ? undefined : text);
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
