import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

const SANGAM = fileURLToPath(new URL('../../bin/sangam.js', import.meta.url));

/** A worker in a process of its own, as an operator runs it. */
export class WorkerProcess {
  /** All it printed. */
  output = '';
  private child: ChildProcess | undefined;

  constructor(private readonly options: { taskQueue: string; env: Record<string, string>; integrations?: string }) {}

  async start(): Promise<void> {
    const { taskQueue, env, integrations = 'integrations' } = this.options;
    const address = process.env['SANGAM_TEST_TEMPORAL'] ?? '';
    const child = spawn(process.execPath, [SANGAM, 'worker', '--task-queue', taskQueue, '--integrations', integrations], {
      env: { ...process.env, TEMPORAL_ADDRESS: address, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (data: Buffer) => (this.output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (this.output += data.toString()));
    this.child = child;
    const begin = this.output.length;
    await until(
      'the worker is ready',
      () => {
        if (child.exitCode !== null) throw new Error(`The worker ended:\n${this.output}`);
        return this.output.slice(begin).includes('Worker ready');
      },
      30_000,
    );
  }

  /** SIGTERM, or SIGKILL: gone when this returns, with its status where it has one. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | undefined> {
    const { child } = this;
    if (!child) return undefined;
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    }
    return child.exitCode ?? undefined;
  }
}
