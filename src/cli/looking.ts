import { InvalidArgumentError } from 'commander';
import type { Client } from '@temporalio/client';
import { askLook } from '../temporal/ask-look.js';
import { connect } from '../temporal/connect.js';
import { isPaused } from '../temporal/is-paused.js';
import { isProcessId } from '../../workflows/ids.js';
import type { Stop } from '../model/stop.js';
import { Told, type Io } from './io.js';
import { inOneLine } from './printable.js';

/** Where a look is done, and whether in spite of a pause. */
export interface LookOptions {
  taskQueue?: string;
  force?: boolean;
}

/** What is asked of a worker. `limit`: milliseconds after which Temporal ends it. */
interface Asking {
  type: string;
  limit: number;
  input: (client: Client) => Promise<object>;
}

/** @throws Told where it cannot be the id of a process. */
export function expectProcessId(process: string): void {
  if (!isProcessId(process)) throw new Told(`"${inOneLine(process.slice(0, 80))}" is no process: it is <integration>/<process>.`);
}

/** Has a worker look at something of a process. @throws Told in words */
export async function askWorker<A extends { stopped?: Stop }>(
  process: string,
  { type, limit, input }: Asking,
  { taskQueue, force }: LookOptions,
  io: Io,
): Promise<A> {
  const { connection, client } = await connect();
  try {
    if (force !== true) await expectNotPaused(client, process);
    const look = { type, process, limit, input: await input(client), signal: io.signal, ...(taskQueue === undefined ? {} : { taskQueue }) };
    const answer = await askLook<A>(client, look).catch((error: unknown) => {
      throw new Told(error instanceof Error ? error.message : String(error), { cause: error });
    });
    if (answer === 'silent')
      throw new Told('No worker took the request. Start one (npx sangam worker), say which --task-queue it polls, or add --show-values.');
    const { stopped } = answer;
    if (stopped) throw new Told(inOneLine(`${stopped.message} ${stopped.remedy} (${stopped.code})`));
    return answer;
  } finally {
    await connection.close();
  }
}

/**
 * Does something with Temporal where it answers: without it nothing is known of a process, and
 * nothing need be.
 */
export async function withTemporal<T>(work: (client: Client) => Promise<T>): Promise<T | undefined> {
  const to = await connect().catch(() => undefined);
  try {
    return to && (await work(to.client));
  } finally {
    await to?.connection.close();
  }
}

/** @throws Told where no request may be made to the systems of a process. */
export async function expectNotPaused(client: Client, process: string): Promise<void> {
  if (await isPaused(client, process))
    throw new Told(`Nothing is looked at, since ${process} is paused and no request is made to its systems: resume it, or say --force.`);
}

/** Reads an option that is a number. */
export function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < 1 || number > most) throw new InvalidArgumentError(`It is a number from 1 to ${most}.`);
    return number;
  };
}
