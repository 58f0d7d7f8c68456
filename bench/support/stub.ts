import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Stub {
  url: string;
  /** Asks `/stub/<what>`: counts, or to forget them. */
  ask(what: string): Promise<Record<string, number>>;
  stop(): Promise<void>;
}

/** Starts a server stub in a process of its own. */
export async function startStub(name: 'avni' | 'fhir', ...args: number[]): Promise<Stub> {
  const file = fileURLToPath(new URL(`../stubs/${name}.js`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const line = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), gone.then(() => undefined)]);
  if (!line) throw new Error(`The stub ${name} ended at once`);
  const { url } = JSON.parse(String(line[0])) as { url: string };
  return {
    url,
    ask: async (what) => (await (await fetch(`${url}/stub/${what}`)).json()) as Record<string, number>,
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
