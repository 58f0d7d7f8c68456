import { inspect } from 'node:util';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { startAvniSimulator, type AvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { startFhirSimulator, type FhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { CLINIC, clinicEnv, differences } from './clinic.js';
import { copyDefinition, type ClinicFolder } from './clinic-folder.js';
import { testNamespace } from './test-namespace.js';
import { until } from './until.js';
import { WorkerProcess } from './worker-process.js';

export const PROCESS = 'clinic/maternal-health';

/** A ready definition, the process of it that runs, and how many entity types that has. */
export interface Ready {
  folder: string;
  file: string;
  process: string;
  types: number;
}

const clinic: Ready = { folder: CLINIC, file: 'clinic.yaml', process: PROCESS, types: 4 };

export interface ClinicWorld {
  avni: AvniSimulator;
  fhir: FhirSimulator;
  client: Client;
  worker: WorkerProcess;
  taskQueue: string;
  /** The definition that the worker reads. */
  definition: ClinicFolder;
  start(input?: object): Promise<WorkflowHandle>;
  status(): Promise<ProcessStatus>;
  reaches(what: string, fits: (status: ProcessStatus) => boolean, limit?: number): Promise<ProcessStatus>;
  caughtUp(limit?: number): Promise<ProcessStatus>;
  /** Has the process look again and again, until what changed is there. */
  looks(what: string, isThere: () => Promise<boolean> | boolean): Promise<void>;
  differences(): Promise<string[]>;
}

/**
 * The clinic definition, or another ready one, with `edits` made to it, both systems, and a worker
 * process over the dev server; one at a time in a namespace, since the process has one name.
 */
export async function withClinic(
  options: { records: number; latency?: number; env?: Record<string, string>; edits?: [from: string, to: string][]; ready?: Ready },
  work: (world: ClinicWorld) => Promise<void>,
): Promise<void> {
  const avni = await startAvniSimulator({
    organisation: generateOrganisation({ seed: 7, records: options.records }),
    latency: options.latency ?? 0,
  });
  const fhir = await startFhirSimulator({ token: 'secret-of-fhir', latency: options.latency ?? 0 });
  const connection = await Connection.connect({ address: process.env['SANGAM_TEST_TEMPORAL'] ?? '' });
  const namespace = await testNamespace(connection);
  const client = new Client({ connection, namespace });
  const { ready = clinic } = options;
  const definition = await copyDefinition(ready, options.edits ?? []);
  const taskQueue = `clinic-${process.pid}-${Date.now()}`;
  const short = {
    SANGAM_HEARTBEAT_TIMEOUT: '4000',
    SANGAM_RETRY_INTERVAL: '300',
    SANGAM_BACKOFF_FIRST: '200',
    SANGAM_BACKOFF_LONGEST: '1000',
    SANGAM_REQUEST_TIMEOUT: '4000',
  };
  const worker = new WorkerProcess({
    taskQueue,
    env: { ...clinicEnv(avni.url, fhir.url), ...short, TEMPORAL_NAMESPACE: namespace, ...options.env },
    integrations: definition.path,
  });
  const status = (): Promise<ProcessStatus> => client.workflow.getHandle(ready.process).query<ProcessStatus>('status');
  const reaches: ClinicWorld['reaches'] = async (what, fits, limit = 60_000) => {
    let last: unknown;
    const fitting = async (): Promise<ProcessStatus | false> => {
      const now = await status();
      last = now;
      return fits(now) && now;
    };
    try {
      // A query costs the worker a workflow task: asked too often, it would do little else.
      return await until(what, () => fitting().catch((error: unknown) => ((last = error), undefined)), limit, 200);
    } catch (error) {
      throw new Error(`${String(error)}\nAt last: ${inspect(last, { depth: 6 })}\n${worker.output.slice(-4_000)}`);
    }
  };
  try {
    await worker.start();
    await work({
      avni,
      fhir,
      client,
      worker,
      taskQueue,
      definition,
      status,
      reaches,
      start: (input = {}) =>
        client.workflow.start('integrationProcess', {
          workflowId: ready.process,
          taskQueue,
          args: [{ process: ready.process, ...input }],
        }),
      caughtUp: (limit) =>
        reaches(
          'everything caught up',
          (s) =>
            s.state === 'idle' &&
            s.nextRun !== undefined &&
            Object.keys(s.types).length === ready.types &&
            Object.values(s.types).every((type) => type.lastDone !== undefined),
          limit,
        ),
      looks: async (what, isThere) => {
        const look = (): Promise<void> => client.workflow.getHandle(ready.process).signal('runNow');
        // A look costs the worker a cycle.
        await until(what, () => look().then(() => soon(isThere)));
      },
      differences: () => Promise.resolve(differences(avni.organisation, fhir.repository)),
    });
  } finally {
    await worker.end('SIGKILL');
    await terminateAll(client, taskQueue);
    await connection.close();
    await avni.close();
    await fhir.close();
    await definition.remove();
  }
}

/** Whether it comes true within a second. */
async function soon(fits: () => Promise<boolean> | boolean): Promise<boolean> {
  return until('soon', fits, 1_000, 250).catch(() => false);
}

/** Nothing of a test is left for the next one, which has workflows of the same names. */
async function terminateAll(client: Client, taskQueue: string): Promise<void> {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  await until(
    'nothing runs any more',
    async () => {
      const running: Promise<unknown>[] = [];
      for await (const { workflowId } of client.workflow.list({ query }))
        running.push(
          client.workflow
            .getHandle(workflowId)
            .terminate('test over')
            .catch(() => undefined),
        );
      await Promise.all(running);
      return running.length === 0;
    },
    60_000,
    300,
  );
}
