import { dryRun } from '../sync/dry-run.js';
import type { Connected } from '../temporal/connect.js';
import { readRow, type NamedRecord } from '../temporal/errors/read-row.js';
import { isPaused } from '../temporal/is-paused.js';
import { rowId } from '../temporal/rows/row-id.js';
import { dryRunText } from './dry-run-text.js';
import { Told, type Io } from './io.js';
import { withEntityType } from './open-process.js';
import { inOneLine } from './printable.js';
import { listedText, rowText } from './row-text.js';

export interface ShowOptions {
  integrations: string;
  force?: boolean;
}

/**
 * Shows an errored record, and runs it again: the row first, which stands, whatever keeps the
 * record from being run. @throws Told where it is not, though nobody asked for that.
 */
export async function showRecord(record: NamedRecord, options: ShowOptions, to: Connected, io: Io): Promise<void> {
  io.out(await keptText(record, to));
  try {
    io.out(await runAgain(record, options, to, io));
  } catch (error) {
    throw error instanceof Told ? new Told(`It is not run again now. ${error.message}`, { cause: error }) : error;
  }
}

async function keptText({ process, entityType, id }: NamedRecord, { client }: Connected): Promise<string> {
  const row = await readRow(client, rowId(process, entityType, id));
  if (row === undefined) return inOneLine(`${entityType} ${id} of ${process} has no errored record.`);
  if (!('listed' in row)) return rowText(inOneLine(row));
  const known = row.listed ? listedText(inOneLine(row.listed)) : 'no worker answers for its row';
  return `${inOneLine(`${entityType} ${id} of ${process}`)}: ${known}.`;
}

async function runAgain({ process, entityType, id }: NamedRecord, { integrations, force }: ShowOptions, to: Connected, io: Io) {
  return withEntityType({ integrations, process, entityType }, io, async ({ active, parts, context }) => {
    if (force !== true && (await isPaused(to.client, process)))
      return `It is not run again, since ${process} is paused and no request is made to its systems: resume it, or say --force.`;
    return dryRunText(await dryRun(id, entityType, active.parts, context), id, parts);
  });
}
