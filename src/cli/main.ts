import { Command } from 'commander';
import type { Io } from './io.js';
import { inOneLine, printable } from './printable.js';

/**
 * The exit status of one that a closed pipe ends, as shells tell it: what it would have been
 * otherwise is not known.
 */
const CLOSED_PIPE = 141;

type AddCommand = (program: Command, io: Io, done: (status: number) => void) => void;

/** Each is loaded where it is named: all that a worker needs takes a second to load. */
const commands: ReadonlyMap<string, () => Promise<AddCommand>> = new Map<string, () => Promise<AddCommand>>([
  ['worker', async () => (await import('./commands/worker.js')).workerCommand],
  ['setup', async () => (await import('./commands/setup.js')).setupCommand],
  ['status', async () => (await import('./commands/status.js')).statusCommand],
  ['errors', async () => (await import('./commands/errors.js')).errorsCommand],
  ['sync', async () => (await import('./commands/sync.js')).syncCommand],
  ['plan', async () => (await import('./commands/plan.js')).planCommand],
  ['reconcile', async () => (await import('./commands/reconcile.js')).reconcileCommand],
  ['trace', async () => (await import('./commands/trace.js')).traceCommand],
  ['preview', async () => (await import('./commands/preview.js')).previewCommand],
  ['bookmarks', async () => (await import('./commands/bookmarks.js')).bookmarksCommand],
  ['validate', async () => (await import('./commands/validate.js')).validateCommand],
  ['metadata', async () => (await import('./commands/metadata.js')).metadataCommand],
  ['init', async () => (await import('./commands/init.js')).initCommand],
  ['simulate', async () => (await import('./commands/simulate.js')).simulateCommand],
  ['dev', async () => (await import('./commands/dev.js')).devCommand],
  ['demo', async () => (await import('./commands/demo.js')).demoCommand],
]);

/** The command that is named, or all of them where none is. */
function commandsFor(argv: string[]): Promise<AddCommand[]> {
  const named = commands.get(argv.slice(2).find((each) => !each.startsWith('-')) ?? '');
  return Promise.all(named ? [named()] : [...commands.values()].map((load) => load()));
}

/** Runs one command. @returns the exit status. */
export async function main(argv: string[]): Promise<number> {
  let ending: AbortSignal | undefined;
  let unwritten = false;
  // Whoever read it has gone, as `| head` does, or its disk is full: a command that asked is told
  // to end, any other ends at once, and never as if all were well.
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    const closed = code === 'EPIPE';
    if (!closed && !unwritten) process.stderr.write(`The output cannot be written: ${message}\n`);
    unwritten ||= !closed;
    if (!ending) process.exit(closed ? CLOSED_PIPE : 1);
    process.emit('SIGTERM');
  });
  const io: Io = {
    out: (line) => process.stdout.write(`${printable(line)}\n`),
    error: (line) => process.stderr.write(`${printable(line)}\n`),
    env: process.env,
    // A command that asks for it ends itself; any other is ended at once, as the system does it.
    get signal() {
      return (ending ??= untilTold());
    },
  };
  let status = 0;
  const done = (result: number): void => {
    status = result;
  };
  const program = new Command('sangam')
    .description('Keeps an Avni organisation and other systems in step, durably, on Temporal.')
    .configureOutput({
      writeOut: (text) => process.stdout.write(printable(text)),
      writeErr: (text) => process.stderr.write(printable(text)),
    })
    .option('--debug', 'show where an error comes from');
  for (const add of await commandsFor(argv)) add(program, io, done);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    // It may quote what came from outside.
    io.error(inOneLine(error instanceof Error ? error.message : String(error)));
    if (program.opts<{ debug?: boolean }>().debug === true && error instanceof Error) io.error(error.stack ?? '');
    status ||= 1;
  }
  return unwritten ? 1 : status;
}

/** Aborts when this process is told to end. */
function untilTold(): AbortSignal {
  const end = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => end.abort());
  return end.signal;
}
