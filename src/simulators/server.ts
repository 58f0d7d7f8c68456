import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { writeJson } from '../json/json.js';

/** A request as a simulator sees it. */
export interface SimulatedRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface SimulatedResponse {
  status: number;
  headers?: Record<string, string>;
  /**
   * What its Date header says in place of the time, in milliseconds since the epoch; null: it has
   * none.
   */
  date?: number | null;
  /** Text as it is; anything else as JSON. */
  body?: unknown;
  /** The connection breaks in the middle of the body, which is sent in chunks. */
  cut?: true;
}

/**
 * What goes wrong, for requests of this method and path prefix, whose body has this text, so many
 * times (for ever where absent).
 */
export interface Fault {
  method?: string;
  path?: string;
  body?: string;
  times?: number;
  /** `resetAfter`: the request is carried out, and its answer lost. */
  do: { respond: SimulatedResponse } | 'hang' | 'reset' | 'resetAfter' | 'truncate';
}

export interface SimulatorServer {
  /** Without a slash at its end. */
  url: string;
  faults: Fault[];
  /** Method and path of every request, in order, but those to the simulator itself. */
  requests: string[];
  /** From now on, also by `POST /simulator/latency`. */
  setLatency(milliseconds: number): void;
  /** Told of every request as it arrives, before anything goes wrong with it. */
  watchers: ((request: SimulatedRequest) => void)[];
  /** Requests that are being answered now. */
  inFlight(): number;
  close(): Promise<void>;
}

export interface SimulatorServerOptions {
  port?: number;
  /** Milliseconds before each answer. */
  latency?: number;
}

type Handler = (request: SimulatedRequest) => SimulatedResponse | Promise<SimulatedResponse>;

/**
 * A real HTTP server on loopback, with faults and latency that can be changed while it runs;
 * neither touches `/simulator/…`.
 */
export async function startServer({ port = 0, ...options }: SimulatorServerOptions, handle: Handler): Promise<SimulatorServer> {
  let latency = options.latency ?? 0;
  const setLatency = (milliseconds: number): void => void (latency = milliseconds);
  const faults: Fault[] = [];
  const requests: string[] = [];
  const watchers: SimulatorServer['watchers'] = [];
  let open = 0;
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await read(incoming);
    if (isForeign(incoming.headers)) return send(response, { status: 403, body: 'Only programs of this machine are answered.' });
    if (request.path.startsWith('/simulator/')) return send(response, control(request, faults, setLatency) ?? (await handle(request)));
    requests.push(`${request.method} ${request.path}`);
    for (const watch of watchers) watch(request);
    if (latency > 0) await pause(latency, undefined, { ref: false });
    const fault = take(faults, request);
    if (fault === 'hang') return;
    if (fault === 'reset') return void incoming.socket.destroy();
    if (fault === 'truncate') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"content": [');
      return void incoming.socket.end();
    }
    const answered = fault && fault !== 'resetAfter' ? fault.respond : await handle(request);
    if (fault === 'resetAfter') return void incoming.socket.destroy();
    send(response, answered);
  };
  const server = createServer((incoming, response) => {
    open += 1;
    response.once('close', () => (open -= 1));
    answer(incoming, response).catch((error: unknown) =>
      send(response, { status: 500, body: `${error instanceof Error ? error.stack : 'error'}` }),
    );
  });
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    requests,
    setLatency,
    watchers,
    inFlight: () => open,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close').catch(() => undefined);
    },
  };
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * What a web page in a browser sends: by a name of its own that leads to this machine, or from its
 * own origin.
 */
function isForeign({ host, origin }: IncomingMessage['headers']): boolean {
  return !isLoopback(`http://${host ?? ''}`) || (origin !== undefined && !isLoopback(origin));
}

function isLoopback(address: string): boolean {
  return URL.canParse(address) && LOOPBACK.has(new URL(address).hostname);
}

async function read(incoming: IncomingMessage): Promise<SimulatedRequest> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(parts).toString('utf8'),
  };
}

function take(faults: Fault[], request: SimulatedRequest): Exclude<Fault['do'], never> | undefined {
  const index = faults.findIndex(
    (fault) =>
      (fault.method ?? request.method) === request.method &&
      request.path.startsWith(fault.path ?? '') &&
      (fault.body === undefined || request.body.includes(fault.body)),
  );
  const fault = faults[index];
  if (!fault) return undefined;
  if (fault.times !== undefined && (fault.times -= 1) <= 0) faults.splice(index, 1);
  return fault.do;
}

/** What every simulator has; `undefined` for what this one must answer itself. */
function control(
  { method, path, body }: SimulatedRequest,
  faults: Fault[],
  setLatency: (milliseconds: number) => void,
): SimulatedResponse | undefined {
  if (path === '/simulator/latency') {
    const { milliseconds } = JSON.parse(body) as { milliseconds: number };
    setLatency(milliseconds);
    return { status: 200, body: { milliseconds } };
  }
  if (path !== '/simulator/faults') return undefined;
  if (method === 'DELETE') faults.length = 0;
  else if (method === 'POST') faults.push(JSON.parse(body) as Fault);
  return { status: 200, body: { faults: faults.length } };
}

function send(response: ServerResponse, { status, headers = {}, body, date, cut }: SimulatedResponse): void {
  if (response.headersSent || response.destroyed) return;
  if (date === null) response.sendDate = false;
  else if (date !== undefined) response.setHeader('date', new Date(date).toUTCString());
  const text = body === undefined ? '' : typeof body === 'string' || Buffer.isBuffer(body) ? body : writeJson(body);
  const type = typeof body === 'string' ? 'text/plain;charset=UTF-8' : 'application/json';
  response.writeHead(status, { ...(body === undefined ? {} : { 'content-type': type }), ...headers });
  if (cut) return void response.write(text, () => response.socket?.end());
  response.end(text);
}
