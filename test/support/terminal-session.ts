import { spawn } from 'node:child_process';
import { until } from './until.js';

export interface Session {
  /** Types lines, and waits for their end. */
  type(lines: string): Promise<{ status: number; output: string }>;
  end(): void;
}

/** A shell that keeps its variables from one command to the next, as a terminal does. */
export function openSession(cwd: string, env: NodeJS.ProcessEnv): Session {
  const shell = spawn('bash', ['--noprofile', '--norc'], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  shell.stdout.on('data', (data: Buffer) => (output += data.toString()));
  shell.stderr.on('data', (data: Buffer) => (output += data.toString()));
  let serial = 0;
  return {
    type: async (lines) => {
      const mark = `__end-${++serial}__`;
      const from = output.length;
      shell.stdin.write(`${lines}\necho "${mark} $?"\n`);
      const status = await until(`the end of ${lines}`, () => new RegExp(`${mark} (\\d+)\n`).exec(output)?.[1], 60_000, 50);
      return { status: Number(status), output: output.slice(from).split(mark)[0] ?? '' };
    },
    end: () => void shell.kill('SIGKILL'),
  };
}
