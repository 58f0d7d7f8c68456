import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface DemoProcess {
  /** What it has printed. */
  lines(): string[];
  /** Waits for a line that has this, and gives its match. */
  line(what: RegExp): Promise<RegExpMatchArray>;
  /** As Ctrl-C does it: to all of its processes. */
  interrupt(): void;
  /** As a supervisor does it: to npm alone. */
  terminate(): void;
  /** As `| head` does it: nothing it prints is taken any more. */
  stopReading(): void;
  /** Waits for its end. */
  status(): Promise<number | null>;
  /** Whether any process that it started is there. */
  runs(): boolean;
  kill(): void;
}

/** `npm run demo` with these arguments, in a process group of its own, as a terminal has it. */
export function startDemo(args: string[], env: Record<string, string> = {}): DemoProcess {
  const child = spawn('npm', ['run', '-s', 'demo', '--', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const group = -(child.pid ?? 0);
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const lines = (): string[] => output.split('\n').filter(Boolean);
  const runs = (): boolean => {
    try {
      return process.kill(group, 0);
    } catch {
      return false;
    }
  };
  return {
    lines,
    line: (what) =>
      until(
        `the demo prints ${what.source}`,
        () => {
          if (child.exitCode !== null) throw new Error(`The demo ended:\n${output}`);
          return output.match(what) ?? undefined;
        },
        60_000,
      ),
    interrupt: () => void process.kill(group, 'SIGINT'),
    terminate: () => void child.kill('SIGTERM'),
    stopReading: () => void child.stdout.destroy(),
    status: async () => (await closed)[0],
    runs,
    kill: () => void (runs() && process.kill(group, 'SIGKILL')),
  };
}
