import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';

const run = promisify(execFile);
const COMPOSE = new URL('../../../docker-compose.yml', import.meta.url);

/**
 * Runs a one-shot job of docker-compose.yml on this machine, twice, as it is when services are started again. `folders`: of the programs that its
 * image has; `env`: instead of its own, which name the services of the compose file.
 *
 * @throws Error with what it printed, where it fails.
 */
export async function composeJob(name, { folders, env }) {
  const { entrypoint, command } = parse(readFileSync(COMPOSE, 'utf8'), { merge: true }).services[name];
  const [program, ...args] = [...entrypoint, ...command].map((each) => each.replaceAll('$$', '$'));
  const path = [...folders, process.env.PATH].join(delimiter);
  for (let time = 0; time < 2; time++) await run(program, args, { env: { ...process.env, ...env, PATH: path }, timeout: 120_000 });
}
