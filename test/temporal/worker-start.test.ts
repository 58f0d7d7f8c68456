import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { CLINIC, clinicEnv } from '../support/clinic.js';
import { until } from '../support/until.js';
import { WorkerProcess } from '../support/worker-process.js';

const SANGAM = fileURLToPath(new URL('../../bin/sangam.js', import.meta.url));

/** Runs `sangam worker`, as an operator does, until it ends by itself. */
async function ended(env: Record<string, string>, args: string[] = []): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, [SANGAM, 'worker', '--task-queue', `start-${process.pid}`, ...args], {
    env: { ...process.env, TEMPORAL_ADDRESS: process.env['SANGAM_TEST_TEMPORAL'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  try {
    await until('the worker ends by itself', () => child.exitCode !== null || child.signalCode !== null, 60_000);
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

  it.each<[string, Record<string, string>, string, string[]?]>([
    ['a health address that is none', { SANGAM_HEALTH: 'foo' }, 'SANGAM_HEALTH must be host:port'],
    ['a namespace that is not there', { TEMPORAL_NAMESPACE: 'nope' }, 'Temporal has no namespace "nope". Set TEMPORAL_NAMESPACE'],
    ['a folder that is not there', {}, '--integrations: there is no file or folder /nowhere.', ['--integrations', '/nowhere']],
    ['no Temporal', { TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'No Temporal server answers at 127.0.0.1:1'],
    [
      'a level of the log that is none',
      { LOG_LEVEL: 'loud' },
      'LOG_LEVEL takes trace, debug, info, warn, error, fatal, silent, not “loud”',
    ],
    ['a setting that is no number', { SANGAM_SOFT_LIMIT: 'long' }, 'SANGAM_SOFT_LIMIT must be a positive whole number'],
  ])('ends with status 1 and says why: %s', async (_what, env, words, args = []) => {
    const { status, output } = await ended(env, args);
    expect(output).toContain(words);
    expect(status).toBe(1);
  });
});

/** How many workers ask Temporal for the tasks of a queue. */
async function pollers(name: string): Promise<number> {
  const connection = await Connection.connect({ address: process.env['SANGAM_TEST_TEMPORAL'] ?? '' });
  try {
    const ask = { namespace: 'default', taskQueue: { name }, taskQueueType: 1 };
    return (await connection.workflowService.describeTaskQueue(ask)).pollers?.length ?? 0;
  } finally {
    await connection.close();
  }
}

describe('a worker that starts', () => {
  it.each([
    ['a folder with nothing in it', [], '/integrations:1: The folder has no definition (*.yaml, *.yml).'],
    ['a definition that is none', ['integration: school\nprocesses: 5\n'], 'integrations/0.yaml:'],
  ])('says at once what is wrong with its definitions, and polls nothing until one is right: %s', async (_what, files, words) => {
    const home = await mkdtemp(join(tmpdir(), 'sangam-start-'));
    const integrations = join(home, 'integrations');
    await mkdir(integrations);
    for (const [at, text] of files.entries()) await writeFile(join(integrations, `${at}.yaml`), text);
    const taskQueue = `start-${process.pid}-${files.length}`;
    const worker = new WorkerProcess({ taskQueue, env: clinicEnv('http://127.0.0.1:1', 'http://127.0.0.1:1'), integrations });
    try {
      const starting = worker.start();
      await until('it says so', () => worker.output.includes('No valid process: nothing is polled'));
      expect(worker.output).toContain(words);
      expect(worker.output).toMatch(/"level":40.*npx sangam validate \S+ lists/);
      expect(worker.output).not.toContain('Worker ready');
      expect(await pollers(taskQueue)).toBe(0);
      await cp(CLINIC, integrations, { recursive: true });
      await rm(join(integrations, '0.yaml'), { force: true });
      await starting;
      expect(worker.output).toMatch(/"processes":1,"msg":"Worker ready"/);
      await until('it polls', async () => (await pollers(taskQueue)) > 0);
    } finally {
      await worker.end('SIGTERM');
      await rm(home, { recursive: true });
    }
  });

  it('counts the processes it has, and ends with status 0 when it is told to', async () => {
    const worker = new WorkerProcess({
      taskQueue: `start-${process.pid}-clinic`,
      env: clinicEnv('http://127.0.0.1:1', 'http://127.0.0.1:1'),
    });
    await worker.start();
    expect(worker.output).toMatch(/"processes":1,"msg":"Worker ready"/);
    expect(worker.output).not.toContain('"level":40');
    expect(await worker.end('SIGTERM')).toBe(0);
  });
});
