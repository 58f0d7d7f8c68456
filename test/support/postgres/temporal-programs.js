import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../../dist/src/temporal/find-temporal.js';

const run = promisify(execFile);
const VERSION = '1.29.1';
const PACKAGES = { server: 'cmd/server', sql: 'cmd/tools/sql' };

/**
 * Temporal's server and its schema tool, from Sangam's cache, or built by Go into it: minutes, once.
 *
 * @throws Error in words where Go is missing or the build fails.
 */
export async function temporalPrograms({ env = process.env, log }) {
  const folder = join(cacheFolder(env), `temporal-server-${VERSION}`);
  const programs = { server: join(folder, 'server'), schemaTool: join(folder, 'sql') };
  if (Object.values(programs).every((path) => existsSync(path))) return programs;
  await run('go', ['version']).catch(() => {
    throw new Error(`Temporal's server ${VERSION} is built from Go modules, and Go is not installed (go.dev/dl).`);
  });
  log(`Building Temporal's server ${VERSION} with Go: some minutes, once …`);
  const built = await mkdtemp(join(tmpdir(), 'sangam-go-'));
  try {
    const packages = Object.values(PACKAGES).map((path) => `go.temporal.io/server/${path}@v${VERSION}`);
    const options = { env: { ...env, CGO_ENABLED: '0', GOBIN: built }, maxBuffer: 64 * 1024 * 1024, timeout: 20 * 60_000 };
    await run('go', ['install', '-ldflags', '-s -w', ...packages], options);
    await mkdir(folder, { recursive: true });
    for (const name of Object.keys(PACKAGES)) {
      // Whole or not at all, also where two build at once.
      const beside = join(folder, `${name}.${process.pid}`);
      await copyFile(join(built, name), beside);
      await rename(beside, join(folder, name));
    }
  } finally {
    await rm(built, { recursive: true, force: true });
  }
  return programs;
}
