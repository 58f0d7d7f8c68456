import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server that is of no use. */
export interface OddServer {
  url: string;
  stop(): Promise<void>;
}

/** It takes every connection and answers nothing. */
export function mute(): Promise<OddServer> {
  return listen(createServer());
}

/** It answers everything with 503. */
export function failing(): Promise<OddServer> {
  return listen(createHttpServer((_request, response) => response.writeHead(503).end()));
}

async function listen(server: Server): Promise<OddServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      for (const each of sockets) each.destroy();
    },
  };
}
