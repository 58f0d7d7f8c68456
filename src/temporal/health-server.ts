import { createServer, type Server } from 'node:http';
import { once } from 'node:events';

/**
 * Answers `GET /healthz` with 200 while `state()` is RUNNING, else 503: for a container's health
 * check. `address`: `host:port`. @throws Error in words where it cannot.
 */
export async function startHealthServer(address: string, state: () => string): Promise<Server> {
  const match = /^(?:\[?([^\]]+)\]?:)?(\d+)$/.exec(address);
  if (!match) throw new Error(`SANGAM_HEALTH must be host:port, e.g. 127.0.0.1:9090`);
  const server = createServer((request, response) => {
    const healthy = state() === 'RUNNING';
    response.writeHead(request.url === '/healthz' ? (healthy ? 200 : 503) : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ worker: state() }));
  });
  server.listen(Number(match[2]), match[1] ?? '127.0.0.1');
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`SANGAM_HEALTH: nothing can listen on ${address} (${error.code ?? error.name}). Name a free port of this machine.`);
  });
  return server;
}
