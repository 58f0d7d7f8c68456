import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Children } from '../demo/children.js';
import { openRunFolder } from '../demo/folder.js';
import { askNoProxy, simulatedEnv, startSangam, startSimulator, startTemporal } from '../demo/start-parts.js';
import { Told, type Io } from '../io.js';
import { checkFolder } from './check-folder.js';
import { helloText } from './hello-text.js';
import { watchFolder } from './watch-folder.js';

export interface DevOptions {
  /** Folder of definitions. */
  integrations: string;
  /** Systems to simulate. */
  simulate: ('avni' | 'fhir')[];
  /** What `simulate avni` is given. */
  avni: string[];
}

/** Where it keeps what it is about, below the folder that it was started in. */
const FOLDER = '.sangam';

/**
 * Runs Temporal, simulated systems, and a worker that reads changed definitions, until it is told
 * to end; it leaves nothing running. @returns the exit status
 * @throws Told where one of its parts ended by itself
 */
export async function runDev(options: DevOptions, io: Io): Promise<number> {
  askNoProxy(io.env);
  // Asked for now, so that whatever comes its children are ended.
  const { signal } = io;
  const told = untilAborted(signal);
  await mkdir(FOLDER, { recursive: true });
  const folder = await openRunFolder(resolve(FOLDER), 'dev');
  const children = new Children(folder);
  const envFile = join(FOLDER, 'dev.env');
  let failed = true;
  try {
    const { gone } = await startAll(children, folder, envFile, options, io);
    const ended = await Promise.race([gone, told]);
    failed = ended !== undefined && !signal.aborted;
    if (failed) throw new Told(`The part “${ended}” ended by itself: see ${join(folder, `${ended}.log`)}.`);
    io.out('Stopping …');
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    failed = false;
    return 0;
  } finally {
    await children.stop();
    await rm(envFile, { force: true });
    if (!failed || !children.any) await rm(folder, { recursive: true, force: true });
  }
}

/** @returns `gone`: settles, with a name, once one of the parts is */
async function startAll(
  children: Children,
  folder: string,
  envFile: string,
  { integrations, simulate, avni: given }: DevOptions,
  io: Io,
): Promise<{ gone: Promise<string> }> {
  const server = await startTemporal(children, folder, io);
  const start = (system: 'avni' | 'fhir', args: string[]): Promise<string | undefined> =>
    simulate.includes(system) ? startSimulator(children, system, args, server.base) : Promise.resolve(undefined);
  const [avni, fhir] = await Promise.all([start('avni', given), start('fhir', []), server.ready]);
  const simulated = simulatedEnv({ avni, fhir });
  const env = { ...server.base, ...simulated };
  const variables = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: 'default', ...simulated };
  await writeFile(
    envFile,
    Object.entries(variables)
      .map(([name, value]) => `export ${name}=${value}\n`)
      .join(''),
    { mode: 0o600 },
  );
  const { processes } = await checkFolder(integrations, env, io);
  const worker = startSangam(children, 'worker', ['worker', '--integrations', integrations], env);
  await children.firstLine(worker, 'worker');
  const gone = children.firstGone();
  const target = { ...server.target, integrations };
  io.out(helloText({ ui: server.ui, target, variables, envFile, integrations, processes, avni, fhir, logs: folder }));
  void watchFolder(integrations, io.signal, async () => void (await checkFolder(integrations, env, io)));
  return { gone };
}

async function untilAborted(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await once(signal, 'abort');
  return undefined;
}
