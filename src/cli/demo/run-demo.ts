import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { devServerArguments, devServerReady } from '../../temporal/start-dev-server.js';
import { startCommand } from '../../temporal/errors/commands.js';
import { findTemporal } from '../../temporal/find-temporal.js';
import { freePort } from '../../temporal/free-port.js';
import { searchAttributes } from '../../temporal/register-search-attributes.js';
import { Told, type Io } from '../io.js';
import { agreementText } from './agreement-text.js';
import { asOperator } from './as-operator.js';
import { breakRecords } from './break-records.js';
import { Children } from './children.js';
import { fillEmr } from './fill-emr.js';
import { openDemoFolder } from './folder.js';
import { healErrors } from './heal-errors.js';
import { FOLDER, type DemoSystems } from './demo-systems.js';
import { PROCESS } from './compare/hospital-types.js';
import { showProgress } from './progress.js';
import { summarise } from './summary.js';
import { whatNext } from './what-next.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Far more than a demo needs, and what a usual machine bears. */
const MOST_RECORDS = 200_000;

export interface DemoOptions {
  records: number;
  exit: boolean;
}

/**
 * Runs the whole of it on this machine, until told to end, or with `exit` until caught up. @returns
 * the exit status.
 */
export async function runDemo({ records, exit }: DemoOptions, io: Io): Promise<number> {
  if (!Number.isInteger(records) || records < 10 || records > MOST_RECORDS)
    throw new Told(
      `--records takes a whole number from 10 to ${MOST_RECORDS.toLocaleString('en')}: the simulated systems keep all in memory.`,
    );
  askNoProxy(io.env);
  // Asked for now, so that whatever comes its children are ended.
  const { signal } = io;
  const folder = await openDemoFolder(join(ROOT, '.sangam'));
  const children = new Children(folder);
  let failed = false;
  try {
    const systems = await startSystems(children, folder, records, io);
    const broken = [...(await breakRecords(systems)), ...(await fillEmr(systems, records))];
    const ofOwner = (owner: string): string => broken.flatMap((each) => (each.owner === owner ? each.what : [])).join('; ');
    io.out(`${broken.length} records are wrong on purpose. In Avni: ${ofOwner('Avni')}. In the EMR: ${ofOwner('the EMR')}.`);
    const began = Date.now();
    await startProcess(systems, io);
    const connection = await Connection.connect({ address: systems.address });
    try {
      const client = new Client({ connection });
      const status = await showProgress(client, systems, io);
      const seconds = (Date.now() - began) / 1000;
      await healErrors(client, systems, broken, io);
      const { differences, agree, line } = await summarise(client, systems, status, seconds);
      for (const told of agreementText(differences)) io.out(told);
      if (!exit) {
        io.out(whatNext(systems));
        if (!signal.aborted) await once(signal, 'abort');
        io.out('Stopping …');
        return 0;
      }
      io.out(line);
      return agree ? 0 : 1;
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (signal.aborted) return 0;
    failed = children.any;
    if (failed) io.error(`The demo failed. What its parts said stays in ${folder} until the next demo.`);
    throw error;
  } finally {
    await children.stop();
    if (!failed) await rm(folder, { recursive: true, force: true });
  }
}

async function startSystems(children: Children, folder: string, records: number, io: Io): Promise<DemoSystems> {
  const { path: temporal, from } = await findTemporal({ env: io.env, log: io.out });
  const [port, uiPort] = [await freePort(7233), await freePort(8233)];
  const address = `127.0.0.1:${port}`;
  const base = { ...withoutTemporal(io.env), TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' };
  const server = children.start(
    'temporal',
    temporal,
    devServerArguments({ executable: temporal, port, uiPort, dbFile: join(folder, 'temporal.db'), searchAttributes }),
    base,
  );
  const sangam = (name: string, args: string[], env = base) =>
    children.start(name, process.execPath, [join(ROOT, 'bin', 'sangam.js'), ...args], env);
  const [avni, fhir] = await Promise.all([
    urlOf(children, sangam('avni', ['simulate', 'avni', '--records', String(records)]), 'avni'),
    urlOf(children, sangam('fhir', ['simulate', 'fhir']), 'fhir'),
    devServerReady(server, address),
  ]);
  const env = {
    ...base,
    AVNI_URL: avni,
    AVNI_USERNAME: 'demo',
    AVNI_PASSWORD: 'demo',
    FHIR_URL: `${fhir}/fhir`,
    FHIR_TOKEN: 'demo',
  };
  const worker = sangam('worker', ['worker', '--integrations', join(ROOT, FOLDER)], env);
  await children.firstLine(worker, 'worker');
  io.out(
    `Temporal ${address}, simulated Avni ${avni}, FHIR R4 server ${fhir}/fhir, and a worker are up, with about ${records} records to carry.`,
  );
  const target = { address, namespace: 'default', temporal: from === 'PATH' ? 'temporal' : temporal, explicit: true, integrations: FOLDER };
  const here = `TEMPORAL_ADDRESS=${address} TEMPORAL_NAMESPACE=default`;
  return { temporal, target, here, address, ui: `http://127.0.0.1:${uiPort}`, avni, fhir, env: base };
}

/** What leads to another service, with its namespace and certificates, is not for the demo. */
function withoutTemporal(env: Io['env']): Io['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_') || name === 'TEMPORAL_CLI'));
}

/** All of the demo is on this machine: no proxy is asked for it, by this process neither. */
function askNoProxy(env: Io['env']): void {
  const all = [env['no_proxy'] || env['NO_PROXY'] || '', '127.0.0.1', 'localhost'].filter((each) => each !== '').join(',');
  // Which of both counts differs from one library to the next.
  env['NO_PROXY'] = all;
  env['no_proxy'] = all;
}

async function urlOf(children: Children, child: ReturnType<Children['start']>, name: string): Promise<string> {
  return (JSON.parse(await children.firstLine(child, name)) as { url: string }).url;
}

/** As an operator does it: with the `temporal` program. */
async function startProcess(systems: DemoSystems, io: Io): Promise<void> {
  await asOperator(systems, startCommand(PROCESS, systems.target), io);
  io.out(`Watch it: ${systems.ui}/namespaces/default/workflows/${encodeURIComponent(PROCESS)}`);
}
