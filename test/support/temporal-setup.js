import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { bundleWorkflowCode } from '@temporalio/worker';
import { findTemporal } from '../../dist/src/temporal/find-temporal.js';
import { registerSearchAttributes } from '../../dist/src/temporal/register-search-attributes.js';
import { devServerLog } from './dev-server-log.js';
import { freePorts } from './postgres/free-ports.js';
import { keep } from './postgres/keep.js';
import { ready } from './postgres/ready.js';

/** One Temporal dev server and one workflow bundle for the whole run; test files keep apart by task queues and process names of their own. */
export default async function setup() {
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
  process.env.SANGAM_TEST_BUNDLE = await bundle();
}

/** An empty file for what the server says: between the results it would only be in the way. */
function startedLog() {
  mkdirSync(join(devServerLog, '..'), { recursive: true });
  rmSync(devServerLog, { force: true });
  return devServerLog;
}

async function bundle() {
  const file = join(mkdtempSync(join(tmpdir(), 'sangam-test-')), 'workflow-bundle.js');
  const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} };
  const pathOf = (name) => fileURLToPath(new URL(`../../workflows/${name}.ts`, import.meta.url));
  const code = { workflowsPath: pathOf('index'), payloadConverterPath: pathOf('payload-converter'), logger: quiet };
  writeFileSync(file, (await bundleWorkflowCode(code)).code);
  return file;
}
