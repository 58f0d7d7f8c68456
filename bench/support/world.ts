import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { findTemporal } from '../../src/temporal/find-temporal.js';
import { freePort } from '../../src/temporal/free-port.js';
import { searchAttributes } from '../../src/temporal/register-search-attributes.js';
import { devServerArguments, devServerReady } from '../../src/temporal/start-dev-server.js';
import { TASK_QUEUE } from '../../workflows/ids.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { startChild, type Child } from './child.js';
import { until } from './until.js';

/** The command as it is installed. */
export const SANGAM = fileURLToPath(new URL('../../../bin/sangam.js', import.meta.url));

export interface World {
  client: Client;
  /** Of the dev server. */
  address: string;
  process: string;
  /** The worker that runs now. */
  worker: Child;
  /** Kills the worker, and starts another. */
  replaceWorker(): Promise<void>;
  start(): Promise<void>;
  status(): Promise<ProcessStatus>;
  reaches(what: string, fits: (status: ProcessStatus) => boolean, seconds?: number): Promise<ProcessStatus>;
  /** Waits until every entity type got to its horizon and the process rests. */
  caughtUp(seconds?: number): Promise<ProcessStatus>;
}

export interface WorldOptions {
  /** Text of the definition; of each, where it is more than one. */
  definition: string | string[];
  process: string;
  env: Record<string, string>;
}

/**
 * A Temporal dev server of its own, and a worker process as an operator runs it, over one
 * definition.
 */
export async function withWorld<T>(options: WorldOptions, work: (world: World) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sangam-bench-'));
  for (const [place, text] of [options.definition].flat().entries()) await writeFile(join(folder, `bench-${place}.yaml`), text);
  const { path } = await findTemporal({ env: process.env, log: (line) => console.error(line) });
  const [port, uiPort] = [await freePort(0), await freePort(0)];
  const address = `127.0.0.1:${port}`;
  const server = startChild(path, [
    ...devServerArguments({ executable: path, port, uiPort, dbFile: join(folder, 'temporal.db'), searchAttributes }),
    // Else what is measured is how fast this machine's disk confirms a write, several for each
    // record's row.
    ...['--sqlite-pragma', 'synchronous=off'],
  ]);
  let connection: Connection | undefined;
  const startWorker = async (): Promise<Child> => {
    const child = startChild(process.execPath, [SANGAM, 'worker', '--integrations', folder], {
      ...process.env,
      TEMPORAL_ADDRESS: address,
      ...options.env,
    });
    await child.line('Worker ready');
    return child;
  };
  const world = { address, process: options.process } as World;
  try {
    await devServerReady(server.process, address);
    connection = await Connection.connect({ address });
    Object.assign(world, steps(new Client({ connection }), options.process), { worker: await startWorker() });
    world.replaceWorker = async () => {
      await world.worker.end('SIGKILL');
      world.worker = await startWorker();
    };
    return await work(world);
  } finally {
    await connection?.close();
    await (world.worker as Child | undefined)?.end('SIGKILL');
    await server.end();
    await rm(folder, { recursive: true, force: true });
  }
}

function steps(client: Client, id: string): Pick<World, 'client' | 'start' | 'status' | 'reaches' | 'caughtUp'> {
  const status = (): Promise<ProcessStatus> => client.workflow.getHandle(id).query<ProcessStatus>('status');
  const reaches: World['reaches'] = (what, fits, seconds = 300) =>
    until(
      what,
      async () => {
        const now = await status().catch(() => undefined);
        return now && fits(now) ? now : undefined;
      },
      seconds,
      // Each query is work for the worker that is measured.
      500,
    );
  return {
    client,
    status,
    reaches,
    start: async () => {
      await client.workflow.start('integrationProcess', { workflowId: id, taskQueue: TASK_QUEUE, args: [{ process: id }] });
    },
    caughtUp: (seconds) =>
      reaches(
        'the process has caught up',
        ({ state, types }) =>
          state === 'idle' && Object.values(types).length > 0 && Object.values(types).every(({ lastDone }) => lastDone !== undefined),
        seconds,
      ),
  };
}
