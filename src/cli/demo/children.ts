import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** The processes that a command starts; it leaves none running. */
export class Children {
  private readonly all: ChildProcess[] = [];
  private readonly names = new Map<ChildProcess, string>();

  constructor(private readonly folder: string) {}

  get any(): boolean {
    return this.all.length > 0;
  }

  /** Starts a program whose output goes to a file in the folder. */
  start(name: string, command: string, args: string[], env: Record<string, string | undefined>): ChildProcess {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: false });
    const log = createWriteStream(`${this.folder}/${name}.log`, { flags: 'w' });
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    child.on('error', () => undefined);
    this.all.push(child);
    this.names.set(child, name);
    return child;
  }

  /** The first line a child prints. @throws Error where it ends before. */
  async firstLine(child: ChildProcess, name: string): Promise<string> {
    if (!child.stdout) throw new Error(`${name} has no output`);
    const lines = createInterface({ input: child.stdout });
    const line = await Promise.race([once(lines, 'line').then(([first]) => String(first)), once(child, 'exit').then(() => undefined)]);
    if (line === undefined) throw new Error(`${name} ended at once; see ${this.folder}/${name}.log`);
    return line;
  }

  /** The name of the first that ends by itself. */
  async firstGone(): Promise<string> {
    return Promise.race([...this.all].map(async (child) => (await once(child, 'exit'), this.names.get(child) ?? '')));
  }

  /** Ends them, the last started first, and waits until they are gone. */
  async stop(): Promise<void> {
    for (const child of [...this.all].reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await gone;
      clearTimeout(force);
    }
  }
}
