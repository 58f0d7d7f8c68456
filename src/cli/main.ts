import { Command } from 'commander';
import { bookmarksCommand } from './commands/bookmarks.js';
import { demoCommand } from './commands/demo.js';
import { errorsCommand } from './commands/errors.js';
import { setupCommand } from './commands/setup.js';
import { simulateCommand } from './commands/simulate.js';
import { statusCommand } from './commands/status.js';
import { syncCommand } from './commands/sync.js';
import { validateCommand } from './commands/validate.js';
import { workerCommand } from './commands/worker.js';
import type { Io } from './io.js';
import { inOneLine, printable } from './printable.js';

/**
 * The exit status of one that a closed pipe ends, as shells tell it: what it would have been
 * otherwise is not known.
 */
const CLOSED_PIPE = 141;

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
  const commands = [
    workerCommand,
    setupCommand,
    statusCommand,
    errorsCommand,
    syncCommand,
    bookmarksCommand,
    validateCommand,
    simulateCommand,
    demoCommand,
  ];
  for (const add of commands) add(program, io, done);
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
