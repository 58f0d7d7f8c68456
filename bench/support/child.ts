import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program in a process of its own. */
export interface Child {
  pid: number;
  process: ChildProcess;
  /** The first line it prints that holds these words. @throws Error where it ends before. */
  line(words: string): Promise<string>;
  /** Asks it to end, or kills it; resolves once it is gone. */
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts a program; what it says besides the lines waited for is dropped. */
export function startChild(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): Child {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const gone = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  return {
    pid: child.pid ?? 0,
    process: child,
    line: async (words) => {
      const found = new Promise<string>((resolve) => {
        lines.on('line', (line) => {
          if (line.includes(words)) resolve(line);
        });
      });
      const line = await Promise.race([found, gone.then(() => undefined)]);
      if (line === undefined) throw new Error(`${command} ${args[0] ?? ''} ended before it said “${words}”`);
      return line;
    },
    end: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await gone;
    },
  };
}
