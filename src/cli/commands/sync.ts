import type { Command } from 'commander';
import type { Connection } from '@temporalio/client';
import { connect, placeText } from '../../temporal/connect.js';
import { missingSearchAttributes } from '../../temporal/register-search-attributes.js';
import { askForRecord } from '../../temporal/ask-for-record.js';
import { asTyped, startCommand } from '../../temporal/errors/commands.js';
import { typedTemporal } from '../../temporal/find-temporal.js';
import { isProcessId } from '../../../workflows/ids.js';
import { Told, type Io } from '../io.js';
import { inOneLine } from '../printable.js';
import { syncedText } from '../synced-text.js';

/**
 * `sangam sync`: has a process bring one record over at once. Exit status 0 where it is in step
 * then, or filtered.
 */
export function syncCommand(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('sync')
    .description('have a process bring one record over now, parents first; its errored record is told')
    .argument('<process>', 'e.g. clinic/maternal-health')
    .argument('<entityType>')
    .argument('<id>', 'of the record, in its source')
    .option('--anyway', 'though the process is paused')
    .action(async (process: string, entityType: string, id: string, { anyway }: { anyway?: boolean }) => {
      if (!isProcessId(process)) throw new Told(`"${inOneLine(process.slice(0, 80))}" is no process: it is <integration>/<process>.`);
      const { connection, client, address, namespace } = await connect();
      try {
        const request = { entityType, id, ...(anyway === true ? { anyway } : {}) };
        const answer = await askForRecord(client, process, request).catch((error: unknown) => {
          throw new Told(error instanceof Error ? error.message : String(error), { cause: error });
        });
        if (typeof answer === 'string' && (await lacksSetup(connection, namespace)))
          throw new Told(`${placeText({ address, namespace })} has not Sangam’s search attributes yet. Run first: npx sangam setup`);
        if (answer === 'missing') {
          const start = asTyped(startCommand(process, { address, namespace, temporal: typedTemporal(io.env) }));
          throw new Told(`${process} does not run, and only a process brings its records over. Start it: ${start}`);
        }
        if (answer === 'silent')
          throw new Told(`No worker answers for ${process}: start one (npx sangam worker). The record is brought over once one does.`);
        const { well, text } = syncedText(answer, { process, entityType, id });
        if (answer.stopped && answer.error === undefined) throw new Told(text);
        io.out(text);
        done(well ? 0 : 1);
      } finally {
        await connection.close();
      }
    });
}

/** Whether nobody has run `sangam setup`, as far as that may be asked. */
async function lacksSetup(connection: Connection, namespace: string): Promise<boolean> {
  const missing = await missingSearchAttributes(connection, namespace).catch(() => []);
  return missing.length > 0;
}
