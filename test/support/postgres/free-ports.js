import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Different free ports on loopback, all under 32,768: Temporal keeps its servers' ports in a SMALLINT on PostgreSQL. */
export async function freePorts(count) {
  const held = [];
  for (let tries = 0; held.length < count; tries++) {
    if (tries > 1000) throw new Error('There are no free ports between 20,000 and 32,767 on this machine.');
    const server = createServer().listen(randomInt(20_000, 32_768), '127.0.0.1');
    const listens = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (listens) held.push(server);
  }
  const ports = held.map((server) => server.address().port);
  await Promise.all(held.map((server) => once(server.close(), 'close')));
  return ports;
}
