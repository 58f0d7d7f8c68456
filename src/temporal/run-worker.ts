import { NativeConnection } from '@temporalio/worker';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { IntegrationStore } from '../assembly/integration-store.js';
import { connectorTypes } from '../connectors/all.js';
import { createHttp } from '../http/create-http.js';
import type { Logger } from '../log.js';
import { TASK_QUEUE } from '../../workflows/ids.js';
import { connect } from './connect.js';
import { createWorker } from './create-worker.js';
import { startHealthServer } from './health-server.js';
import { installRuntime } from './install-runtime.js';
import { registerSearchAttributes } from './register-search-attributes.js';
import { engineSettings } from './settings.js';

export interface RunWorkerOptions {
  /** Folder of definitions. */
  integrations: string;
  taskQueue?: string;
  env: Record<string, string | undefined>;
  log: Logger;
  /** `host:port` of the health address; none where absent. */
  health?: string;
  /** Ends the worker: what is in flight is finished, the rest is handed over. */
  signal: AbortSignal;
}

/** Runs a worker until the signal aborts. @throws Error in words where it cannot start. */
export async function runWorker(options: RunWorkerOptions): Promise<void> {
  const { env, log } = options;
  const { requestTimeout, softLimit, timing } = engineSettings(env);
  installRuntime(log);
  const { connection: plain, client, namespace } = await connect();
  const added = await registerSearchAttributes(plain, namespace).catch((error: unknown) => {
    log.warn(
      { error: error instanceof Error ? error.name : 'unknown' },
      'Search attributes could not be registered: run npx sangam setup as an administrator',
    );
    return [];
  });
  if (added.length > 0) log.info({ added }, 'Search attributes registered');
  const http = createHttp({ timeout: requestTimeout });
  const integrations = new IntegrationStore({ path: options.integrations, connectorTypes, env, log });
  const connection = await NativeConnection.connect({ ...loadClientConnectConfig().connectionOptions });
  const worker = await createWorker({
    connection,
    namespace,
    taskQueue: options.taskQueue ?? TASK_QUEUE,
    dependencies: { client, integrations, http, log, timing, softLimit, now: Date.now },
  });
  const health = options.health !== undefined ? await startHealthServer(options.health, () => worker.getState()) : undefined;
  const stop = (): void => worker.shutdown();
  options.signal.addEventListener('abort', stop, { once: true });
  log.info({ namespace, taskQueue: worker.options.taskQueue, integrations: options.integrations }, 'Worker ready');
  try {
    if (options.signal.aborted) return;
    await worker.run();
  } finally {
    health?.close();
    http.close();
    await connection.close();
    await plain.close();
  }
}
