import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { startCommand } from '../../temporal/errors/commands.js';
import { Told, type Io } from '../io.js';
import { agreementText } from './agreement-text.js';
import { asOperator } from './as-operator.js';
import { breakRecords } from './break-records.js';
import { Children } from './children.js';
import { fillEmr } from './fill-emr.js';
import { openRunFolder } from './folder.js';
import { healErrors } from './heal-errors.js';
import { FOLDER, type DemoSystems } from './demo-systems.js';
import { PROCESS } from './compare/hospital-types.js';
import { showProgress } from './progress.js';
import { askNoProxy, ROOT, simulatedEnv, startSangam, startSimulator, startTemporal } from './start-parts.js';
import { summarise } from './summary.js';
import { whatNext } from './what-next.js';

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
  const folder = await openRunFolder(join(ROOT, '.sangam'), 'demo');
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
  const server = await startTemporal(children, folder, io);
  const { base, address, temporal, ui } = server;
  const [avni, fhir] = await Promise.all([
    startSimulator(children, 'avni', ['--records', String(records)], base),
    startSimulator(children, 'fhir', [], base),
    server.ready,
  ]);
  const env = { ...base, ...simulatedEnv({ avni, fhir }) };
  const worker = startSangam(children, 'worker', ['worker', '--integrations', join(ROOT, FOLDER)], env);
  await children.firstLine(worker, 'worker');
  io.out(
    `Temporal ${address}, simulated Avni ${avni}, FHIR R4 server ${fhir}/fhir, and a worker are up, with about ${records} records to carry.`,
  );
  const target = { ...server.target, integrations: FOLDER };
  const here = `TEMPORAL_ADDRESS=${address} TEMPORAL_NAMESPACE=default`;
  return { temporal, target, here, address, ui, avni, fhir, env: base };
}

/** As an operator does it: with the `temporal` program. */
async function startProcess(systems: DemoSystems, io: Io): Promise<void> {
  await asOperator(systems, startCommand(PROCESS, systems.target), io);
  io.out(`Watch it: ${systems.ui}/namespaces/default/workflows/${encodeURIComponent(PROCESS)}`);
}
