import type { Command } from 'commander';
import { connect } from '../../temporal/connect.js';
import { readBookmarks } from '../../temporal/read-bookmarks.js';
import type { Io } from '../io.js';

/** `sangam bookmarks`: the start input with which a terminated process goes on where it was. */
export function bookmarksCommand(program: Command, io: Io): void {
  program
    .command('bookmarks')
    .description('the start input that lets a terminated process go on where it was, from its memos')
    .argument('<process>', 'e.g. clinic/maternal-health')
    .argument('[entityTypes...]', 'more entity types, whose first run was cut short a moment ago and is not listed yet')
    .action(async (process: string, entityTypes: string[]) => {
      const { connection, client } = await connect();
      try {
        io.out(JSON.stringify({ process, bookmarks: await readBookmarks(client, process, entityTypes) }));
      } finally {
        await connection.close();
      }
    });
}
