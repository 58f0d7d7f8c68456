import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../../dist/src/temporal/find-temporal.js';

const run = promisify(execFile);
const VERSION = '1.29.1';

/** Go's name of each program, which is its package's folder, and the one it is known by. */
const PROGRAMS = { 'cmd/server': 'temporal-server', 'cmd/tools/sql': 'temporal-sql-tool' };

/**
 * The folder of `temporal-server` and `temporal-sql-tool`, its schema tool: in Sangam's cache, or else built by Go into it: minutes, once.
 *
 * @throws Error in words where Go is missing or the build fails.
 */
export async function temporalPrograms({ env = process.env, log }) {
  const folder = join(cacheFolder(env), `temporal-server-${VERSION}`);
  if (Object.values(PROGRAMS).every((name) => existsSync(join(folder, name)))) return folder;
  await run('go', ['version']).catch(() => {
    throw new Error(`Temporal's server ${VERSION} is built from Go modules, and Go is not installed (go.dev/dl).`);
  });
  log(`Building Temporal's server ${VERSION} with Go: some minutes, once …`);
  const built = await mkdtemp(join(tmpdir(), 'sangam-go-'));
  try {
    const packages = Object.keys(PROGRAMS).map((path) => `go.temporal.io/server/${path}@v${VERSION}`);
    const options = { env: { ...env, CGO_ENABLED: '0', GOBIN: built }, maxBuffer: 64 * 1024 * 1024, timeout: 20 * 60_000 };
    await run('go', ['install', '-ldflags', '-s -w', ...packages], options);
    await mkdir(folder, { recursive: true });
    for (const [path, name] of Object.entries(PROGRAMS)) {
      // Whole or not at all, also where two build at once.
      const beside = join(folder, `${name}.${process.pid}`);
      await copyFile(join(built, basename(path)), beside);
      await rename(beside, join(folder, name));
    }
  } finally {
    await rm(built, { recursive: true, force: true });
  }
  return folder;
}
