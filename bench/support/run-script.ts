import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a script of bench/runs in a process of its own. @returns what its last line says. */
export async function runScript<T>(name: string, ...args: (string | number)[]): Promise<T> {
  const file = fileURLToPath(new URL(`../runs/${name}.js`, import.meta.url));
  const { stdout } = await run(process.execPath, [file, ...args.map(String)], { maxBuffer: 16 * 1024 * 1024, timeout: 10 * 60_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}
