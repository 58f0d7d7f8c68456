import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const VERSION = '1.5.1';
const FILE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

export interface FindTemporalOptions {
  env: Record<string, string | undefined>;
  /** Told what takes minutes. */
  log(line: string): void;
}

export interface FoundTemporal {
  path: string;
  from: 'TEMPORAL_CLI' | 'PATH' | 'cache' | 'download' | 'go';
}

/**
 * The `temporal` program: from the variable TEMPORAL_CLI, the PATH, Sangam’s cache, the SDK’s download, or built by Go, in that order; the last
 * two go into the cache. A variable that names no working program is an error, not passed over.
 *
 * @throws Error that says how to get it.
 */
export async function findTemporal({ env, log }: FindTemporalOptions): Promise<FoundTemporal> {
  const named = env['TEMPORAL_CLI'];
  if (named !== undefined && named !== '') {
    if (await works(named)) return { path: named, from: 'TEMPORAL_CLI' };
    throw new Error('TEMPORAL_CLI names no working temporal program. Correct it, or unset it to let Sangam find one.');
  }
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(Boolean))
    if (await works(join(folder, FILE))) return { path: join(folder, FILE), from: 'PATH' };
  const cached = join(cacheFolder(env), `temporal-${VERSION}`, FILE);
  if (await works(cached)) return { path: cached, from: 'cache' };
  await mkdir(join(cached, '..'), { recursive: true });
  const reasons: string[] = [];
  for (const [from, get] of [['download', download] as const, ['go', goInstall] as const]) {
    const reason = await get(cached, env, log).then(
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

/** Sangam’s own folder outside the repository. */
export function cacheFolder(env: Record<string, string | undefined>): string {
  return join(env['XDG_CACHE_HOME'] ?? env['LOCALAPPDATA'] ?? join(homedir(), '.cache'), 'sangam');
}

async function works(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  return run(path, ['--version'], { timeout: 20_000 }).then(
    ({ stdout }) => /temporal version/i.test(stdout),
    () => false,
  );
}

/** The SDK knows where its dev server comes from: it downloads it when it starts one. */
async function download(target: string, _env: FindTemporalOptions['env'], log: FindTemporalOptions['log']): Promise<void> {
  log('Fetching the temporal program …');
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const folder = await mkdtemp(join(tmpdir(), 'sangam-temporal-'));
  try {
    const server = { executable: { type: 'cached-download' as const, downloadDir: folder, version: `v${VERSION}` } };
    await (await TestWorkflowEnvironment.createLocal({ server })).teardown();
    const { readdir } = await import('node:fs/promises');
    const [file] = await readdir(folder);
    if (file === undefined) throw new Error('nothing arrived');
    await place(join(folder, file), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function goInstall(target: string, env: FindTemporalOptions['env'], log: FindTemporalOptions['log']): Promise<void> {
  await run('go', ['version']).catch(() => {
    throw new Error('Go is not installed');
  });
  log('Building the temporal program with Go: some minutes, once …');
  const folder = await mkdtemp(join(tmpdir(), 'sangam-go-'));
  try {
    const flags = `-s -w -X github.com/temporalio/cli/temporalcli.Version=${VERSION}`;
    await run('go', ['install', '-ldflags', flags, `github.com/temporalio/cli/cmd/temporal@v${VERSION}`], {
      env: { ...env, CGO_ENABLED: '0', GOBIN: folder },
      maxBuffer: 64 * 1024 * 1024,
      timeout: 20 * 60_000,
    });
    await place(join(folder, FILE), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whole or not at all, also where two do it at once. */
async function place(file: string, target: string): Promise<void> {
  const beside = `${target}.${process.pid}`;
  await copyFile(file, beside);
  await chmod(beside, 0o755);
  await rename(beside, target);
}
