import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { freePorts } from './free-ports.js';
import { keep } from './keep.js';
import { ready } from './ready.js';
import { serverConfig } from './server-config.js';

/** Temporal's server over the schema in PostgreSQL, ready for calls. `program`: its path. */
export async function startServer({ program, connection, folder }) {
  const dynamicConfig = join(folder, 'dynamic.yaml');
  // As on the dev server of the other tests: a workflow may continue as new as often as it likes.
  await writeFile(dynamicConfig, JSON.stringify({ 'history.workflowIdReuseMinimalInterval': [{ value: '0s' }] }));
  const ports = await freePorts(8);
  const config = JSON.stringify(serverConfig({ connection, ports, dynamicConfig }));
  await writeFile(join(folder, 'sangam.yaml'), config, { mode: 0o600 });
  const server = keep({
    command: program,
    args: ['--root', folder, '--config', '.', '--env', 'sangam', '--allow-no-auth', 'start'],
    signal: 'SIGKILL',
    output: join(folder, 'server.log'),
  });
  const address = `127.0.0.1:${ports[0]}`;
  await ready('The Temporal server', server, async () => (await Connection.connect({ address, connectTimeout: 1_000 })).close());
  return { server, address };
}
