import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { devServerLog } from './dev-server-log.js';
import { freePorts } from './postgres/free-ports.js';
import { keep } from './postgres/keep.js';
import { ready } from './postgres/ready.js';

/**
 * One Temporal dev server for the whole run, and the workflow bundle that is shipped; test files keep
 * apart by task queues and process names of their own.
 */
export default async function setup() {
  // What is compiled is what is tested: it must not be older than the sources.
  execFileSync(process.execPath, ['scripts/setup.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const { findTemporal } = await import('../../dist/src/temporal/find-temporal.js');
  const { registerSearchAttributes } = await import('../../dist/src/temporal/register-search-attributes.js');
  const { path } = await findTemporal({ env: process.env, log: (line) => console.error(line) });
  const [port] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const server = keep({
    command: path,
    args: [
      ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'],
      ...['--dynamic-config-value', 'history.workflowIdReuseMinimalInterval="0s"'],
    ],
    signal: 'SIGKILL',
    output: startedLog(),
  });
  globalThis.sangamServer = server;
  await ready('The Temporal dev server', server, async () => {
    const connection = await Connection.connect({ address, connectTimeout: 1_000 });
    await connection.workflowService
      .describeNamespace({ namespace: 'default' })
      .then(() => registerSearchAttributes(connection, 'default'))
      .finally(() => connection.close());
  });
  process.env.SANGAM_TEST_TEMPORAL = address;
  process.env.SANGAM_TEST_BUNDLE = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));
}

/** An empty file for what the server says: between the results it would only be in the way. */
function startedLog() {
  mkdirSync(join(devServerLog, '..'), { recursive: true });
  rmSync(devServerLog, { force: true });
  return devServerLog;
}
