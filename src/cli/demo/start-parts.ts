import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Target } from '../../temporal/errors/commands.js';
import { findTemporal } from '../../temporal/find-temporal.js';
import { freePort } from '../../temporal/free-port.js';
import { searchAttributes } from '../../temporal/register-search-attributes.js';
import { devServerArguments, devServerReady } from '../../temporal/start-dev-server.js';
import type { Io } from '../io.js';
import type { Children } from './children.js';

export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

type Env = Record<string, string | undefined>;

/** A dev server that was started. */
export interface StartedTemporal {
  /** Path of the program, whatever the PATH has. */
  temporal: string;
  address: string;
  ui: string;
  /** Where commands are to go, for a terminal that knows nothing of it. */
  target: Target;
  /** The environment of what belongs to it. */
  base: Env;
  /** Settles once it answers. */
  ready: Promise<void>;
}

/** Starts a Temporal dev server with its Web UI, on free ports. */
export async function startTemporal(children: Children, folder: string, io: Io): Promise<StartedTemporal> {
  const { path: temporal, from } = await findTemporal({ env: io.env, log: io.out });
  const [port, uiPort] = [await freePort(7233), await freePort(8233)];
  const address = `127.0.0.1:${port}`;
  const base = { ...withoutTemporal(io.env), TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' };
  const dbFile = join(folder, 'temporal.db');
  const server = children.start(
    'temporal',
    temporal,
    devServerArguments({ executable: temporal, port, uiPort, dbFile, searchAttributes }),
    base,
  );
  const target = { address, namespace: 'default', temporal: from === 'PATH' ? 'temporal' : temporal, explicit: true };
  return { temporal, address, ui: `http://127.0.0.1:${uiPort}`, target, base, ready: devServerReady(server, address) };
}

/** Starts `sangam` with these arguments. */
export function startSangam(children: Children, name: string, args: string[], env: Env): ChildProcess {
  return children.start(name, process.execPath, [join(ROOT, 'bin', 'sangam.js'), ...args], env);
}

/** Starts a simulated system. @returns its address */
export async function startSimulator(children: Children, system: string, args: string[], env: Env): Promise<string> {
  const child = startSangam(children, system, ['simulate', system, ...args], env);
  return (JSON.parse(await children.firstLine(child, system)) as { url: string }).url;
}

/** The variables by which definitions reach simulated systems. */
export function simulatedEnv({ avni, fhir }: { avni?: string | undefined; fhir?: string | undefined }): Record<string, string> {
  return {
    ...(avni === undefined ? {} : { AVNI_URL: avni, AVNI_USERNAME: 'demo', AVNI_PASSWORD: 'demo' }),
    ...(fhir === undefined ? {} : { FHIR_URL: `${fhir}/fhir`, FHIR_TOKEN: 'demo' }),
  };
}

/** What is on this machine is asked by no proxy, by this process neither. */
export function askNoProxy(env: Env): void {
  const all = [env['no_proxy'] || env['NO_PROXY'] || '', '127.0.0.1', 'localhost'].filter((each) => each !== '').join(',');
  // Which of both counts differs from one library to the next.
  env['NO_PROXY'] = all;
  env['no_proxy'] = all;
}

/** What leads to another service, with its namespace and certificates, is not for this one. */
function withoutTemporal(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_') || name === 'TEMPORAL_CLI'));
}
