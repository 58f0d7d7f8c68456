import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import { reconcileProcess } from '../../assembly/reconcile-process.js';
import type { ReconcileRequest, Reconciliation } from '../../sync/reconcile/reconciliation.js';
import { connect } from '../../temporal/connect.js';
import type { ReconcileInput, ReconcileResult } from '../../../workflows/contracts.js';
import { Told, type Io } from '../io.js';
import { askWorker, expectProcessId } from '../looking.js';
import { expectBelievable } from '../expect-believable.js';
import { isInStep, reconcileText } from '../reconcile-text.js';
import { repair } from '../repair.js';
import { bookmarksOf, lookHere, type Bookmarks, type WholeOptions } from '../whole-process.js';

/** Milliseconds after which a worker gives up. */
const LIMIT = 24 * 60 * 60_000;

interface Options extends WholeOptions {
  repair?: boolean;
  showValues?: boolean;
  json?: boolean;
}

/**
 * `sangam reconcile`: both systems held against each other, record by record. A worker runs it, and
 * values are masked; with `--show-values` the command runs it itself. Exit status 0 where all is in
 * step, or was repaired; 1 where something is missing, extra, different, doubled or failing.
 */
export function reconcileCommand(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('reconcile')
    .description('both systems, record by record: what is missing, extra, different or doubled; nothing is written unless --repair')
    .argument('<process>', 'e.g. clinic/maternal-health')
    .option('--entity-type <names...>', 'these alone; all where none is given')
    .option('--repair', 'have the process bring over each record that is not as it should be')
    .option('--show-values', 'run it here, with the systems’ credentials of this environment, and show values of persons')
    .option('--integrations <folder>', 'folder of definitions, with --show-values', 'integrations')
    .option('--task-queue <name>', 'of the worker, where the process does not run')
    .option('--force', 'though the process is paused')
    .option('--json', 'as JSON')
    .action(async (process: string, options: Options) => {
      expectProcessId(process);
      if (options.repair === true && options.json === true) throw new Told('Give --repair or --json, not both.');
      const found = options.showValues === true ? await runHere(process, options, io) : await runThere(process, options, io);
      io.out(options.json === true ? JSON.stringify(found, null, 2) : reconcileText(process, found));
      if (options.repair === true) expectBelievable(found);
      const isRepaired = options.repair === true && !isInStep(found) && (await repaired(process, found, io));
      if (!isInStep(found) && !isRepaired) done(1);
    });
}

/** Whether all of it is as it should be then; what cannot be repaired is not. */
async function repaired(process: string, found: Reconciliation, io: Io): Promise<boolean> {
  const isAllTold = found.types.every(({ counts, stopped, more }) => !stopped && !more && !counts.failing && !counts.held);
  const { connection, client } = await connect();
  try {
    return (await repair(client, process, found, io)) && isAllTold;
  } finally {
    await connection.close();
  }
}

async function runThere(process: string, options: Options, io: Io): Promise<Reconciliation> {
  const input = async (client: Client): Promise<ReconcileInput> => ({
    v: 1,
    process,
    ...requestOf(options, await bookmarksOf(client, process, options)),
  });
  const { reconciliation } = await askWorker<ReconcileResult>(process, { type: 'reconcile', limit: LIMIT, input }, options, io);
  if (!reconciliation) throw new Told('The worker gave no answer.');
  return reconciliation;
}

function runHere(process: string, options: Options, io: Io): Promise<Reconciliation> {
  return lookHere(process, options, io, ({ active, context }, bookmarks) =>
    reconcileProcess(active, requestOf(options, bookmarks), true, context),
  );
}

function requestOf({ entityType }: Options, bookmarks: Bookmarks): ReconcileRequest {
  return { bookmarks, ...(entityType === undefined ? {} : { entityTypes: entityType }) };
}
