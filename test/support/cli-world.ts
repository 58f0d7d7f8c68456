import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { startAvniSimulator, type AvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import type { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import { startFhirSimulator, type FhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { findTemporal } from '../../src/temporal/find-temporal.js';
import type { ProcessStatus } from '../../workflows/status.js';
import { clinicEnv } from './clinic.js';
import { copyClinic, type ClinicFolder } from './clinic-folder.js';
import { until } from './until.js';
import { WorkerProcess } from './worker-process.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Ran {
  status: number;
  out: string;
  error: string;
}

export interface CliWorld {
  /** `<integration>/<process>`: no other test has it. */
  process: string;
  avni: AvniSimulator;
  fhir: FhirSimulator;
  client: Client;
  taskQueue: string;
  /** Its definitions. */
  folder: ClinicFolder;
  worker: WorkerProcess;
  /** Runs `sangam` as an operator does, in a folder that has the definitions in `integrations`. */
  sangam(...args: string[]): Promise<Ran>;
  /** Runs a line in a shell, as it was printed. */
  shell(line: string): Promise<Ran>;
  /** Starts the process and waits until it caught up. */
  caughtUp(): Promise<ProcessStatus>;
}

/** The clinic definition under a name of its own, its systems and a worker, met at a terminal. */
export async function withCli(
  name: string,
  organisation: AvniOrganisation,
  work: (world: CliWorld) => Promise<void>,
  more: Record<string, string> = {},
): Promise<void> {
  const processId = `${name}/maternal-health`;
  const taskQueue = `${name}-${process.pid}`;
  const avni = await startAvniSimulator({ organisation });
  const fhir = await startFhirSimulator({ token: 'secret-of-fhir' });
  const folder = await copyClinic([['integration: clinic', `integration: ${name}`]]);
  const home = await mkdtemp(join(tmpdir(), 'sangam-cli-'));
  await symlink(folder.path, join(home, 'integrations'));
  await symlink(join(ROOT, 'node_modules'), join(home, 'node_modules'));
  const address = process.env['SANGAM_TEST_TEMPORAL'] ?? '';
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const temporal = await findTemporal({ env: process.env, log: () => undefined });
  const path = [dirname(temporal.path), join(ROOT, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const env = { ...clinicEnv(avni.url, fhir.url), SANGAM_HEARTBEAT_TIMEOUT: '4000', SANGAM_REQUEST_TIMEOUT: '4000', ...more };
  const worker = new WorkerProcess({ taskQueue, env, integrations: folder.path });
  const run = (command: string, args: string[]): Promise<Ran> =>
    new Promise((resolve) => {
      const options = { cwd: home, env: { ...process.env, ...env, PATH: path, TEMPORAL_ADDRESS: address }, timeout: 60_000 };
      const child = execFile(command, args, options, (_error, out, error) => resolve({ status: child.exitCode ?? -1, out, error }));
    });
  const idle = (status: ProcessStatus): boolean =>
    status.state === 'idle' &&
    status.nextRun !== undefined &&
    Object.keys(status.types).length === 4 &&
    Object.values(status.types).every(({ lastDone }) => lastDone);
  try {
    await worker.start();
    await work({
      process: processId,
      avni,
      fhir,
      client,
      taskQueue,
      folder,
      worker,
      sangam: (...args) => run(process.execPath, [join(ROOT, 'bin', 'sangam.js'), ...args]),
      shell: (line) => run('bash', ['-c', line]),
      caughtUp: async () => {
        const handle = await client.workflow.start('integrationProcess', {
          workflowId: processId,
          taskQueue,
          args: [{ process: processId }],
        });
        return until(
          'everything caught up',
          () =>
            handle.query<ProcessStatus>('status').then(
              (status) => idle(status) && status,
              () => undefined,
            ),
          90_000,
        );
      },
    });
  } finally {
    await until('nothing runs any more', async () => {
      const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
      for await (const { workflowId } of client.workflow.list({ query }))
        await client.workflow
          .getHandle(workflowId)
          .terminate('test over')
          .catch(() => undefined);
      return (await client.workflow.count(query)).count === 0;
    });
    await worker.end('SIGKILL');
    await connection.close();
    await avni.close();
    await fhir.close();
    await folder.remove();
    await rm(home, { recursive: true, force: true });
  }
}
