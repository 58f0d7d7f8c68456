import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { until } from '../support/until.js';

const SANGAM = fileURLToPath(new URL('../../bin/sangam.js', import.meta.url));

/** Runs `sangam worker`, as an operator does, until it ends by itself. */
async function ended(env: Record<string, string>): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, [SANGAM, 'worker', '--task-queue', `start-${process.pid}`], {
    env: { ...process.env, TEMPORAL_ADDRESS: process.env['SANGAM_TEST_TEMPORAL'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  try {
    await until('the worker ends by itself', () => child.exitCode !== null || child.signalCode !== null, 20_000);
    return { status: child.exitCode, output };
  } finally {
    child.kill('SIGKILL');
  }
}

describe('a worker that cannot start', () => {
  it('ends with status 1 and says why: a busy health port', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    try {
      const address = `127.0.0.1:${(busy.address() as AddressInfo).port}`;
      const { status, output } = await ended({ SANGAM_HEALTH: address });
      expect(output).toContain(`SANGAM_HEALTH: nothing can listen on ${address} (EADDRINUSE). Name a free port`);
      expect(status).toBe(1);
    } finally {
      busy.close();
    }
  });

  it.each([
    ['a health address that is none', { SANGAM_HEALTH: 'foo' }, 'SANGAM_HEALTH must be host:port'],
    ['a namespace that is not there', { TEMPORAL_NAMESPACE: 'nope' }, 'Temporal has no namespace "nope". Set TEMPORAL_NAMESPACE'],
    ['no Temporal', { TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'No Temporal server answers at 127.0.0.1:1'],
    ['a setting that is no number', { SANGAM_SOFT_LIMIT: 'long' }, 'SANGAM_SOFT_LIMIT must be a positive whole number'],
  ])('ends with status 1 and says why: %s', async (_what, env, words) => {
    const { status, output } = await ended(env as Record<string, string>);
    expect(output).toContain(words);
    expect(status).toBe(1);
  });
});
