import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { download } from './get-temporal/download.js';
import { goInstall } from './get-temporal/go-install.js';
import { FILE, VERSION, type Way, type WayOptions } from './get-temporal/way.js';

const run = promisify(execFile);

export interface FindTemporalOptions extends WayOptions {
  /** How it is got where it is nowhere, tried in this order. */
  ways?: Record<'download' | 'go', Way>;
}

export interface FoundTemporal {
  path: string;
  from: 'TEMPORAL_CLI' | 'PATH' | 'cache' | 'download' | 'go';
}

/**
 * The `temporal` program: from the variable TEMPORAL_CLI, the PATH, Sangam’s cache, the SDK’s
 * download, or built by Go, in that order; the last two go into the cache. A variable that names no
 * working program is an error, not passed over.
 *
 * @throws Error that says how to get it.
 */
export async function findTemporal({ env, log, ways = { download, go: goInstall } }: FindTemporalOptions): Promise<FoundTemporal> {
  const named = env['TEMPORAL_CLI'];
  if (named !== undefined && named !== '') {
    if (await works(named)) return { path: named, from: 'TEMPORAL_CLI' };
    throw new Error('TEMPORAL_CLI names no working temporal program. Correct it, or unset it to let Sangam find one.');
  }
  for (const path of onPath(env)) if (await works(path)) return { path, from: 'PATH' };
  const cached = cachedTemporal(env);
  if (await works(cached)) return { path: cached, from: 'cache' };
  await mkdir(join(cached, '..'), { recursive: true });
  const reasons: string[] = [];
  for (const from of ['download', 'go'] as const) {
    const reason = await ways[from](cached, { env, log }).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message.split('\n')[0] : 'unknown'),
    );
    if (reason === undefined && (await works(cached))) return { path: cached, from };
    reasons.push(`${from}: ${reason ?? 'gave no working program'}`);
  }
  throw new Error(
    `No temporal program was found, and none could be fetched (${reasons.join('; ')}). Install the Temporal CLI (docs.temporal.io/cli), or Go 1.24 and run this again, or set TEMPORAL_CLI to its path.`,
  );
}

/**
 * How the program is to be typed: by its path where the PATH has another or none. Looks, and
 * fetches nothing: `temporal` where there is none yet.
 */
export function typedTemporal(env: WayOptions['env']): string {
  const named = env['TEMPORAL_CLI'] ?? '';
  if (named !== '' && existsSync(named)) return named;
  if (onPath(env).some((path) => existsSync(path))) return 'temporal';
  return existsSync(cachedTemporal(env)) ? cachedTemporal(env) : 'temporal';
}

/** Sangam’s own folder outside the repository. */
export function cacheFolder(env: WayOptions['env']): string {
  return join(env['XDG_CACHE_HOME'] ?? env['LOCALAPPDATA'] ?? join(homedir(), '.cache'), 'sangam');
}

function cachedTemporal(env: WayOptions['env']): string {
  return join(cacheFolder(env), `temporal-${VERSION}`, FILE);
}

function onPath(env: WayOptions['env']): string[] {
  return (env['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, FILE));
}

async function works(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  return run(path, ['--version'], { timeout: 20_000 }).then(
    ({ stdout }) => /temporal version/i.test(stdout),
    () => false,
  );
}
