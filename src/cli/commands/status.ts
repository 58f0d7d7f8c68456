import type { Command } from 'commander';
import { connect, placeText } from '../../temporal/connect.js';
import { listProcesses, readStatus, readStatuses, type LiveStatus, type NoStatus } from '../../temporal/read-status.js';
import type { Io } from '../io.js';
import { inOneLine } from '../printable.js';
import { lineText, noStatusText, statusText } from '../status-text.js';
import { UNKNOWN, verdictOf, WELL, worstFirst, worstOf } from '../verdict.js';

interface StatusOptions {
  json?: boolean;
  check?: boolean;
}

/**
 * `sangam status`: what a process does, with what only the running page's heartbeat knows; or all
 * of them, a line each, those first that need somebody. Exit status 0 where all is in step or
 * syncing, 1 where something needs a person, 2 where it cannot be told or nothing runs, 3 where a
 * system is waited for.
 */
export function statusCommand(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('status')
    .description('what a process does, or all of them, a line each')
    .argument('[process]', 'e.g. clinic/maternal-health')
    .option('--json', 'as JSON')
    .option('--check', 'one line, for cron and monitoring')
    .action(async (process: string | undefined, options: StatusOptions) => {
      // Until it is known.
      done(UNKNOWN);
      const { connection, client, ...place } = await connect();
      try {
        const all =
          process !== undefined
            ? [await readStatus(client, process)]
            : worstFirst(await readStatuses(client, await listProcesses(client, 'ended too')));
        if (options.check) io.out(all.length > 0 ? checkText(all) : `UNKNOWN: ${nothingRuns(place)}`);
        else if (options.json) io.out(JSON.stringify(process !== undefined ? all[0] : all, null, 2));
        else if (all.length === 0) io.out(nothingRuns(place));
        else io.out([`At ${placeText(place)}:`, ...all.map((each) => textOf(inOneLine(each), process !== undefined))].join('\n'));
        done(worstOf(all.map(verdictOf)));
      } finally {
        await connection.close();
      }
    });
}

function textOf(status: LiveStatus | NoStatus, whole: boolean): string {
  if (!whole) return lineText(status);
  return 'noStatus' in status ? noStatusText(status) : statusText(status);
}

function nothingRuns(place: Parameters<typeof placeText>[0]): string {
  return `No process runs at ${placeText(place)}.`;
}

/** All in one line. */
function checkText(all: (LiveStatus | NoStatus)[]): string {
  const verdict = worstOf(all.map(verdictOf));
  if (verdict === WELL) return `OK: ${all.length} ${all.length === 1 ? 'process' : 'processes'} in step or syncing`;
  const words = { 1: 'NEEDS A PERSON', 2: 'UNKNOWN', 3: 'WAITING' };
  return `${words[verdict]}: ${all
    .filter((each) => verdictOf(each) !== WELL)
    .map((each) => lineText(inOneLine(each)).trim())
    .join('; ')}`;
}
