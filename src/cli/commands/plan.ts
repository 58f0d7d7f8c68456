import type { Client } from '@temporalio/client';
import { InvalidArgumentError, type Command } from 'commander';
import { planProcess } from '../../assembly/plan-process.js';
import type { PlanRequest, ProcessPlan } from '../../sync/plan-types.js';
import { parseInstant, type Instant } from '../../model/instant.js';
import { connect } from '../../temporal/connect.js';
import { typedTemporal } from '../../temporal/find-temporal.js';
import type { PlanRunInput, PlanRunResult } from '../../../workflows/contracts.js';
import { Told, type Io } from '../io.js';
import { askWorker, expectProcessId, wholeNumber } from '../looking.js';
import { isWell, planText } from '../plan-text.js';
import { bookmarksOf, lookHere, type WholeOptions } from '../whole-process.js';

const MAX_LIMIT = 1_000_000;
/** Milliseconds after which a worker gives up. */
const LIMIT = 6 * 60 * 60_000;

interface Options extends WholeOptions {
  since?: Instant;
  limit?: number;
  showValues?: boolean;
  json?: boolean;
}

/**
 * `sangam plan`: what a run would do, by the very pipeline, with nothing written. A worker runs it,
 * and values are masked; with `--show-values` the command runs it itself. Exit status 1 where a
 * record would fail or wait, or a type would stop.
 */
export function planCommand(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('plan')
    .description('what a run would do: what would be created, updated, removed or fail; nothing is written, and no bookmark moves')
    .argument('<process>', 'e.g. clinic/maternal-health')
    .option('--entity-type <names...>', 'of these alone; all where none is given')
    .option('--since <instant>', 'what was read before too, from here on: what a changed definition would alter', instantOf)
    .option('--limit <N>', 'records of each type that are read, 10,000 where it is not given', wholeNumber(MAX_LIMIT))
    .option('--show-values', 'run it here, with the systems’ credentials of this environment, and show values of persons')
    .option('--integrations <folder>', 'folder of definitions, with --show-values', 'integrations')
    .option('--task-queue <name>', 'of the worker, where the process does not run')
    .option('--force', 'though the process is paused')
    .option('--json', 'as JSON')
    .action(async (process: string, options: Options) => {
      expectProcessId(process);
      const plan = options.showValues === true ? await runHere(process, options, io) : await runThere(process, options, io);
      if (options.json === true) io.out(JSON.stringify(plan, null, 2));
      else io.out(planText(process, plan, await target(io)));
      if (!isWell(plan)) done(1);
    });
}

async function runThere(process: string, options: Options, io: Io): Promise<ProcessPlan> {
  const input = async (client: Client): Promise<PlanRunInput> => ({
    v: 1,
    process,
    ...requestOf(options, await bookmarksOf(client, process, options)),
  });
  const { plan } = await askWorker<PlanRunResult>(process, { type: 'plan', limit: LIMIT, input }, options, io);
  if (!plan) throw new Told('The worker gave no plan.');
  return plan;
}

function runHere(process: string, options: Options, io: Io): Promise<ProcessPlan> {
  return lookHere(process, options, io, ({ active, context }, bookmarks) =>
    planProcess(active, requestOf(options, bookmarks), true, context),
  );
}

function requestOf({ entityType, since, limit }: Options, bookmarks: PlanRequest['bookmarks']): PlanRequest {
  return {
    bookmarks,
    ...(entityType === undefined ? {} : { entityTypes: entityType }),
    ...(since === undefined ? {} : { since }),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** Where the command that is printed is to go. */
async function target({ env }: Io) {
  const to = await connect().catch(() => undefined);
  await to?.connection.close();
  return { address: to?.address ?? '127.0.0.1:7233', namespace: to?.namespace ?? 'default', temporal: typedTemporal(env) };
}

function instantOf(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === undefined) throw new InvalidArgumentError('It is an ISO instant with its zone, such as 2026-01-31T00:00:00Z.');
  return instant;
}
