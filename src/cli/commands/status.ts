import type { Command } from 'commander';
import { connect, placeText } from '../../temporal/connect.js';
import { listProcesses, readStatus, readStatuses } from '../../temporal/read-status.js';
import type { Io } from '../io.js';
import { noStatusText, statusText } from '../status-text.js';
import { inOneLine } from '../printable.js';

/** `sangam status`: what the processes do, with what only the running page's heartbeat knows. Exit status 1 where one does not say, or where a clock is unsure. */
export function statusCommand(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('status')
    .description('what a process does, or all of them')
    .argument('[process]', 'e.g. clinic/maternal-health')
    .option('--json', 'as JSON')
    .action(async (process: string | undefined, { json }: { json?: boolean }) => {
      const { connection, client, ...place } = await connect();
      try {
        const all = process !== undefined ? [await readStatus(client, process)] : await readStatuses(client, await listProcesses(client));
        if (json === true) io.out(JSON.stringify(process !== undefined ? all[0] : all, null, 2));
        else if (all.length === 0) io.out(`No process runs at ${placeText(place)}.`);
        else {
          io.out(`At ${placeText(place)}:`);
          for (const status of all) io.out('noStatus' in status ? noStatusText(inOneLine(status)) : statusText(inOneLine(status)));
        }
        // As the words say: it is not known to be in step.
        if (all.some((status) => 'noStatus' in status || status.unsure !== undefined)) done(1);
      } finally {
        await connection.close();
      }
    });
}
