import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { asTyped, type Words } from '../../temporal/errors/commands.js';
import type { Io } from '../io.js';
import type { DemoSystems } from './demo-systems.js';

const run = promisify(execFile);

/** Prints a command, and runs it as printed. @throws Error where it fails. */
export async function asOperator({ temporal, env }: DemoSystems, words: Words, io: Io): Promise<void> {
  const [, ...args] = words;
  io.out(`$ ${asTyped(words)}`);
  await run(temporal, args, { env });
}
