import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { Slots } from '../../activities/slots.js';
import { IntegrationStore } from '../assembly/integration-store.js';
import { connectorTypes } from '../connectors/all.js';
import { createHttp } from '../http/create-http.js';
import { HangingGate } from '../http/hanging-gate.js';
import type { Logger } from '../log.js';
import { MappingThreads } from '../mapping/threads/mapping-threads.js';
import { freezePrototypes } from '../model/freeze-prototypes.js';
import { TASK_QUEUE } from '../../workflows/ids.js';
import { connect, expectNamespace } from './connect.js';
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

interface Closing {
  close(): unknown;
}

/**
 * Runs a worker until the signal aborts; whatever it opened is closed when it ends, also where it
 * cannot start. @throws Error in words where it cannot start.
 */
export async function runWorker(options: RunWorkerOptions): Promise<void> {
  const opened: Closing[] = [];
  const open = <T extends Closing>(each: T): T => {
    opened.push(each);
    return each;
  };
  try {
    await runOver(open, options);
  } finally {
    for (const each of opened.reverse()) await closed(each, options.log);
  }
}

/** What cannot be closed keeps nothing else open, and hides no error. */
async function closed(each: Closing, log: Logger): Promise<void> {
  try {
    await each.close();
  } catch (error) {
    log.warn({ error: error instanceof Error ? error.name : 'unknown' }, 'Something could not be closed');
  }
}

/** Milliseconds between looks at a folder without a valid process. */
const LOOK_AGAIN = 2_000;

/**
 * The ids of the folder's processes. Until there is one nothing is polled: a worker that has none
 * would take the tasks of workers that do.
 */
async function untilSome(integrations: IntegrationStore, { integrations: folder, log, signal }: RunWorkerOptions): Promise<string[]> {
  let processes = await integrations.read();
  if (processes.length === 0)
    log.warn(
      { integrations: folder },
      'No valid process: nothing is polled until a definition has one. The folder is looked at again every 2 s',
    );
  while (processes.length === 0 && !signal.aborted) {
    await pause(LOOK_AGAIN, undefined, { signal }).catch(() => undefined);
    processes = await integrations.read();
  }
  return processes;
}

async function runOver(open: <T extends Closing>(each: T) => T, options: RunWorkerOptions): Promise<void> {
  const { env, log, signal } = options;
  const { requestTimeout, softLimit, timing } = engineSettings(env);
  installRuntime(log);
  const { connection: plain, client, namespace, address } = await connect();
  open(plain);
  await expectNamespace(plain, namespace);
  let state = (): string => 'STARTING';
  // Before the worker: one that was created ends only by having run.
  if (options.health !== undefined) open(await startHealthServer(options.health, () => state()));
  const added = await registerSearchAttributes(plain, namespace).catch((error: unknown) => {
    log.warn(
      { error: error instanceof Error ? error.name : 'unknown' },
      'Search attributes could not be registered: run npx sangam setup as an administrator',
    );
    return [];
  });
  if (added.length > 0) log.info({ added }, 'Search attributes registered');
  const http = open(new HangingGate(createHttp({ timeout: requestTimeout })));
  const { mapping: makeMapping } = open(new MappingThreads());
  const integrations = new IntegrationStore({ path: options.integrations, connectorTypes, env, log, makeMapping });
  const connection = open(await NativeConnection.connect({ ...loadClientConnectConfig().connectionOptions }));
  // What is wrong with definitions is told at once, not when a process asks.
  const processes = await untilSome(integrations, options);
  if (signal.aborted) return;
  const identity = `${process.pid}@${hostname()}`;
  const place = `${identity}, folder ${resolve(options.integrations)}`;
  // Libraries are loaded, and no record is read yet.
  freezePrototypes();
  const worker = await createWorker({
    connection,
    namespace,
    taskQueue: options.taskQueue ?? TASK_QUEUE,
    identity,
    dependencies: { client, integrations, http, log, slots: new Slots(), worker: place, timing, softLimit, now: Date.now },
  });
  state = () => worker.getState();
  const running = worker.run();
  const stop = (): void => void (worker.getState() === 'RUNNING' && worker.shutdown());
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  log.info(
    { temporal: address, namespace, taskQueue: worker.options.taskQueue, integrations: options.integrations, processes: processes.length },
    'Worker ready',
  );
  await running;
}
