import { fileURLToPath } from 'node:url';
import { startChild } from './child.js';

export interface Stub {
  url: string;
  /** Asks `/stub/<what>`: counts, or to forget them. */
  ask(what: string): Promise<Record<string, number>>;
  stop(): Promise<void>;
}

/** Starts a server stub in a process of its own. */
export async function startStub(name: 'avni' | 'fhir' | 'simulated-avni' | 'simulated-fhir', ...args: number[]): Promise<Stub> {
  const file = fileURLToPath(new URL(`../stubs/${name}.js`, import.meta.url));
  const child = startChild(process.execPath, [file, ...args.map(String)]);
  const { url } = JSON.parse(await child.line('"url"')) as { url: string };
  return {
    url,
    ask: async (what) => (await (await fetch(`${url}/stub/${what}`)).json()) as Record<string, number>,
    stop: () => child.end(),
  };
}
