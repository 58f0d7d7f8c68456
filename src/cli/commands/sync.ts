import type { Command } from 'commander';
import { connect } from '../../temporal/connect.js';
import { lookAtProcess } from '../../temporal/look-at-process.js';
import { syncRecord } from '../../temporal/sync-record.js';
import { Told, type Io } from '../io.js';
import { withEntityType } from '../open-process.js';
import { syncedText } from '../synced-text.js';

interface SyncOptions {
  integrations: string;
  taskQueue?: string;
  force?: boolean;
}

/** `sangam sync`: brings one record over at once. Exit status 0 where it is in step then, or filtered. */
export function syncCommand(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('sync')
    .description('bring one record over now, parents first; its errored record is told')
    .argument('<process>', 'e.g. clinic/maternal-health')
    .argument('<entityType>')
    .argument('<id>', 'of the record, in its source')
    .option('--integrations <folder>', 'folder of definitions', 'integrations')
    .option('--task-queue <name>', 'where a new errored record runs; that of the process where not given')
    .option('--force', 'though the process is paused')
    .action(async (process: string, entityType: string, id: string, { integrations, taskQueue, force }: SyncOptions) => {
      const { connection, client } = await connect();
      try {
        await withEntityType({ integrations, process, entityType }, io, async ({ active, parts, context }) => {
          const found = await lookAtProcess(client, process);
          if (found.paused && force !== true)
            throw new Told(`${process} is paused, so no request is made to its systems. Resume it, or say --force.`);
          const synced = await syncRecord(id, parts, { active, client, taskQueue: taskQueue ?? found.taskQueue }, context);
          const { well, text } = syncedText(synced, id, parts);
          io.out(text);
          done(well ? 0 : 1);
        });
      } finally {
        await connection.close();
      }
    });
}
