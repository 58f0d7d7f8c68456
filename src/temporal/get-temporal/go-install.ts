import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FILE, place, VERSION, type Way } from './way.js';

const run = promisify(execFile);

/** Built by the Go that is on the PATH. */
export const goInstall: Way = async (target, { env, log }) => {
  await run('go', ['version'], { env }).catch(() => {
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
};
