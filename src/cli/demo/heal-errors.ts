import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { retryCommand } from '../../temporal/errors/commands.js';
import { readErrors, type ProcessErrors } from '../../temporal/errors/read-errors.js';
import { askStatus } from '../../temporal/ask.js';
import type { ProcessStatus } from '../../../workflows/status.js';
import { listRows, type ListedRow } from '../../temporal/rows/list-rows.js';
import type { Io } from '../io.js';
import { asOperator } from './as-operator.js';
import type { BrokenRecord } from './broken-record.js';
import { FOLDER, type DemoSystems } from './demo-systems.js';
import { PROCESS } from './compare/hospital-types.js';

/** Longest wait for one step of healing, in milliseconds: a few records take a second. */
const LONGEST = 120_000;

/**
 * Shows what failed, mends it where it is owned, has it retried as an operator does, and waits
 * until nothing is open; what still is then, the summary tells.
 */
export async function healErrors(client: Client, systems: DemoSystems, broken: BrokenRecord[], io: Io): Promise<void> {
  if (broken.length === 0) return;
  const { target } = systems;
  await rowsAre(client, io, (rows) => rows.length >= broken.length);
  const errors = await readErrors(client, PROCESS, target);
  io.out(inShort(errors, systems.here));
  for (const { mend } of broken) await mend();
  io.out(
    `These ${broken.length} are mended now, each in the system that owns it. The process would try them when they are due; it is told to do so at once:`,
  );
  const began = new Date().toISOString();
  await asOperator(systems, retryCommand({ process: PROCESS }, target), io);
  await rowsAre(client, io, (rows) => rows.length === 0);
  const healed = await healedSince(began, client, io);
  io.out(`${healed} healed, and the ${errors.waiting} children that waited on them came along.`);
}

function inShort({ open, waiting, groups }: ProcessErrors, here: string): string {
  return [
    `$ ${here} npx sangam errors ${PROCESS} --integrations ${FOLDER}`,
    `${open} errored records open, ${waiting} children waiting on them; everything else is there.`,
    ...groups.flatMap(({ entityType, errorType, count, waiting: children, message, remedy }) => [
      `  ${entityType}, ${errorType}: ${count}, ${children} children waiting. ${message ?? ''}`,
      `    What to do: ${remedy ?? ''}`,
    ]),
  ].join('\n');
}

async function rowsAre(client: Client, io: Io, fits: (rows: ListedRow[]) => boolean): Promise<void> {
  await waitFor(io, async () => fits(await listRows(client, PROCESS)));
}

/** How many the pass healed that began since, once it has ended; 0 where none did. */
async function healedSince(began: string, client: Client, io: Io): Promise<number> {
  let healed = 0;
  await waitFor(io, async () => {
    const status = await askStatus<ProcessStatus>(client, PROCESS);
    const pass = typeof status === 'object' ? status.errors.lastPass : undefined;
    if (!pass || pass.ended < began) return false;
    healed = Object.values(pass.sheets).reduce((sum, sheet) => sum + sheet.healed, 0);
    return true;
  });
  return healed;
}

async function waitFor(io: Io, condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + LONGEST;
  while (!(await condition()) && Date.now() < end) {
    if (io.signal.aborted) throw new Error('Ended');
    await pause(200);
  }
}
