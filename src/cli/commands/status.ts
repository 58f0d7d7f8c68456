import type { Command } from 'commander';
import { connect } from '../../temporal/connect.js';
import { listProcesses, readStatus } from '../../temporal/read-status.js';
import type { Io } from '../io.js';
import { statusText } from '../status-text.js';

/** `sangam status`: what the processes do, with what only the running page's heartbeat knows. */
export function statusCommand(program: Command, io: Io): void {
  program
    .command('status')
    .description('what a process does, or all of them')
    .argument('[process]', 'e.g. clinic/maternal-health')
    .option('--json', 'as JSON')
    .action(async (process: string | undefined, { json }: { json?: boolean }) => {
      const { connection, client } = await connect();
      try {
        const ids = process !== undefined ? [process] : await listProcesses(client);
        const all = [];
        for (const id of ids) all.push(await readStatus(client, id));
        if (json === true) io.out(JSON.stringify(process !== undefined ? all[0] : all, null, 2));
        else if (all.length === 0) io.out('No process runs in this namespace.');
        else for (const status of all) io.out(statusText(status));
      } finally {
        await connection.close();
      }
    });
}
