import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { registerSearchAttributes } from '../../../dist/src/temporal/register-search-attributes.js';
import { freePorts } from './free-ports.js';
import { keep } from './keep.js';
import { ready } from './ready.js';
import { serverConfig } from './server-config.js';

const namespace = 'default';

/** Temporal's server over the schema in PostgreSQL, with the namespace `default` and Sangam's search attributes, ready for use. */
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
  await ready('The Temporal server', server, () => prepare(address));
  return { server, address };
}

/** Does what is still to be done, and fails while the server is not ready for it. */
async function prepare(address) {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    const known = await connection.workflowService.describeNamespace({ namespace }).then(
      () => true,
      () => false,
    );
    if (!known) await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 } });
    await registerSearchAttributes(connection, namespace);
    // Each service has the attributes only once it has read the namespace again.
    await connection.workflowService.countWorkflowExecutions({ namespace, query: 'SyncState = "none"' });
  } finally {
    await connection.close();
  }
}
