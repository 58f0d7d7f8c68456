import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { KeyPair } from './self-signed.js';

/**
 * An address that speaks TLS before a plain server, as a proxy does: its certificate can be
 * changed, and it can be shut.
 */
export interface TlsFront {
  /** Without a slash at its end. */
  url: string;
  /** Sends what comes to this plain server. */
  passTo(url: string): void;
  /** Shows another certificate from now on. */
  present(pair: KeyPair): void;
  /** Refuses connections until `open`. */
  shut(): Promise<void>;
  open(): Promise<void>;
}

export async function startTlsFront(pair: KeyPair): Promise<TlsFront> {
  const sockets = new Set<Socket>();
  let target = 0;
  const server = createServer(pair, (socket) => {
    const behind = connect(target, '127.0.0.1');
    for (const each of [socket, behind]) {
      sockets.add(each);
      each.on('error', () => undefined);
      each.on('close', () => {
        sockets.delete(each);
        socket.destroy();
        behind.destroy();
      });
    }
    socket.pipe(behind).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    url: `https://127.0.0.1:${port}`,
    passTo: (url) => {
      target = Number(new URL(url).port);
    },
    present: (other) => {
      server.setSecureContext(other);
      drop();
    },
    shut: async () => {
      server.close();
      drop();
      await once(server, 'close');
    },
    open: async () => {
      await listen(port);
    },
  };
}
