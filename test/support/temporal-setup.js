import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findTemporal } from '../../dist/src/temporal/find-temporal.js';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { registerSearchAttributes } from '../../dist/src/temporal/register-search-attributes.js';

/** One Temporal dev server and one workflow bundle for the whole run; test files keep apart by task queues and process names of their own. */
export default async function setup() {
  const path = (await findTemporal({ env: process.env, log: (line) => console.error(line) })).path;
  const environment = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      extraArgs: ['--dynamic-config-value', 'history.workflowIdReuseMinimalInterval="0s"'],
    },
  });
  await registerSearchAttributes(environment.connection, environment.namespace ?? 'default');
  const bundle = join(mkdtempSync(join(tmpdir(), 'sangam-test-')), 'workflow-bundle.js');
  const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} };
  const pathOf = (name) => fileURLToPath(new URL(`../../workflows/${name}.ts`, import.meta.url));
  const code = { workflowsPath: pathOf('index'), payloadConverterPath: pathOf('payload-converter'), logger: quiet };
  writeFileSync(bundle, (await bundleWorkflowCode(code)).code);
  process.env.SANGAM_TEST_TEMPORAL = environment.address;
  process.env.SANGAM_TEST_BUNDLE = bundle;
  globalThis.sangamEnvironment = environment;
}
