import type { Command } from 'commander';
import { connect, type Connected } from '../../temporal/connect.js';
import { listClosedByHand } from '../../temporal/errors/list-closed.js';
import { listErring } from '../../temporal/errors/list-erring.js';
import { readAllErrors } from '../../temporal/errors/read-all-errors.js';
import { readErrors } from '../../temporal/errors/read-errors.js';
import { typedTemporal } from '../../temporal/find-temporal.js';
import { recordOfRow, type NamedRecord } from '../../temporal/errors/read-row.js';
import { closedText } from '../closed-text.js';
import { errorsText, notReadText } from '../errors-text.js';
import { Told, type Io } from '../io.js';
import { inOneLine } from '../printable.js';
import type { ShowOptions } from '../show-record.js';
import { PERSON, UNKNOWN, WELL } from '../verdict.js';

/** Where definitions are looked for. */
const FOLDER = 'integrations';

/**
 * `sangam errors`: what is open, by type, with what to do; exit status 1 where a record is open
 * that fails, 2 where something of it could not be read. `errors show`: one record, run again
 * without writing.
 */
export function errorsCommand(program: Command, io: Io, done: (status: number) => void): void {
  const errors = program
    .command('errors')
    .description('open errored records by type, with remedies and the commands that retry or ignore them')
    .argument('[process]', 'e.g. clinic/maternal-health; all where none is given')
    .option('--json', 'as JSON')
    .option('--integrations <folder>', 'folder of definitions, for the commands that are printed', FOLDER)
    .option('--closed-by-hand', 'those of the process that people closed, not the engine')
    .action((process: string | undefined, { json, closedByHand, integrations }: ErrorsOptions) =>
      connected(async ({ client, address, namespace }) => {
        if (closedByHand === true) return showClosed(process, json, client, io);
        const folder = integrations === FOLDER ? {} : { integrations };
        const target = { address, namespace, temporal: typedTemporal(io.env), ...folder };
        const all =
          process !== undefined
            ? [await readErrors(client, process, target)]
            : await readAllErrors(client, await listErring(client), target);
        if (json === true) io.out(JSON.stringify(process !== undefined ? all[0] : all, null, 2));
        else if (all.length === 0) io.out('No process runs in this namespace, and no errored record is open.');
        else for (const each of all) io.out('notRead' in each ? notReadText(inOneLine(each)) : errorsText(inOneLine(each)));
        if (all.some((each) => 'notRead' in each || each.silent)) done(UNKNOWN);
        else done(all.some((each) => !('notRead' in each) && each.open > 0) ? PERSON : WELL);
      }),
    );
  errors
    .command('show')
    .description('one errored record: its row, and what happens when it is run again now, with nothing written')
    .argument('<process>', 'e.g. clinic/maternal-health; or, alone, the workflow id of the row')
    .argument('[entityType]')
    .argument('[id]', 'of the record, in its source')
    .option('--integrations <folder>', 'folder of definitions', FOLDER)
    .option('--force', 'run it though the process is paused')
    .action((process: string, entityType: string | undefined, id: string | undefined, _options: unknown, command: Command) =>
      // The folder is an option of `errors`, too, which takes it wherever it stands.
      connected(async (to) => {
        const record = await named(to, process, entityType, id);
        // What runs a record takes a second to load: a list needs none of it.
        const { showRecord } = await import('../show-record.js');
        await showRecord(record, command.optsWithGlobals<ShowOptions>(), to, io);
      }),
    );
}

async function showClosed(process: string | undefined, json: boolean | undefined, client: Connected['client'], io: Io): Promise<void> {
  if (process === undefined) throw new Told('Say of which process: errors <process> --closed-by-hand.');
  const closed = await listClosedByHand(client, process);
  io.out(json === true ? JSON.stringify(closed, null, 2) : closedText(process, closed));
}

async function connected(work: (to: Connected) => Promise<void>): Promise<void> {
  const to = await connect();
  try {
    await work(to);
  } finally {
    await to.connection.close();
  }
}

async function named(to: Connected, process: string, entityType: string | undefined, id: string | undefined): Promise<NamedRecord> {
  if (entityType === undefined) return recordOfRow(to.client, process);
  if (id === undefined)
    throw new Told('Say which record: errors show <process> <entityType> <id>, or errors show <workflow id of its row>.');
  return { process, entityType, id };
}

interface ErrorsOptions {
  integrations: string;
  json?: boolean;
  closedByHand?: boolean;
}
