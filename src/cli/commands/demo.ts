import type { Command } from 'commander';
import type { Io } from '../io.js';

/** `sangam demo`: the whole of it on one machine. */
export function demoCommand(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('demo')
    .description('a simulated Avni and FHIR server, Temporal, a worker, and a process that joins them')
    .option('--records <number>', 'records in all', '10000')
    .option('--exit', 'end once caught up')
    .action(async ({ records, exit }: { records: string; exit?: boolean }) => {
      const { runDemo } = await import('../demo/run-demo.js');
      done(await runDemo({ records: Number(records), exit: exit === true }, io));
    });
}
