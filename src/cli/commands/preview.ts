import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { readJsonForExpressions } from '../../json/json.js';
import { previewSome, type Wanted } from '../../sync/preview-some.js';
import type { Preview } from '../../sync/preview.js';
import type { EntityTypeParts } from '../../sync/parts.js';
import { askLook } from '../../temporal/ask-look.js';
import { connect } from '../../temporal/connect.js';
import { isPaused } from '../../temporal/is-paused.js';
import type { PreviewInput, PreviewResult } from '../../../workflows/contracts.js';
import { isProcessId } from '../../../workflows/ids.js';
import { Told, type Io } from '../io.js';
import { withEntityType } from '../open-process.js';
import { previewText } from '../preview-text.js';
import { inOneLine } from '../printable.js';

const MAX_SAMPLE = 50;
/** Milliseconds after which a worker gives up. */
const LIMIT = 15 * 60_000;

interface Options {
  sample?: number;
  file?: string;
  showValues?: boolean;
  integrations: string;
  taskQueue?: string;
  force?: boolean;
  json?: boolean;
}

/** Where it is looked at, and what at. */
interface Asked extends Options {
  process: string;
  entityType: string;
  id?: string;
}

/**
 * `sangam preview`: what a mapping makes of a record, with nothing written. A worker runs it, and
 * values are masked; with `--show-values` the command runs it itself. Exit status 1 where a record
 * would fail or wait.
 */
export function previewCommand(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('preview')
    .description('what a mapping makes of a record: each expression, what would be sent, and what would change; nothing is written')
    .argument('<process>', 'e.g. clinic/maternal-health')
    .argument('<entityType>')
    .argument('[id]', 'of the record, in its source; without it one is chosen')
    .option('--sample <N>', 'so many records, the oldest that are not voided', sampleSize)
    .option('--file <record.json>', 'a record as its source would give it; with --show-values')
    .option('--show-values', 'run it here, with the systems’ credentials of this environment, and show values of persons')
    .option('--integrations <folder>', 'folder of definitions, with --show-values', 'integrations')
    .option('--task-queue <name>', 'of the worker, where the process does not run')
    .option('--force', 'though the process is paused')
    .option('--json', 'as JSON')
    .action(async (process: string, entityType: string, id: string | undefined, options: Options) => {
      if (!isProcessId(process)) throw new Told(`"${inOneLine(process.slice(0, 80))}" is no process: it is <integration>/<process>.`);
      if ([id, options.sample, options.file].filter((each) => each !== undefined).length > 1)
        throw new Told('Give an id, --sample or --file: one of them.');
      if (options.file !== undefined && options.showValues !== true)
        throw new Told('A record of a file is looked at here alone, since what a worker is asked stands in a history: add --show-values.');
      const asked: Asked = { ...options, process, entityType, ...(id === undefined ? {} : { id }) };
      const previews = options.showValues === true ? await runHere(asked, io) : await askWorker(asked, io);
      if (options.json === true) io.out(JSON.stringify(previews, null, 2));
      else io.out(['Nothing is written.', ...previews.map(previewText)].join('\n\n'));
      if (previews.length === 0 && options.json !== true) io.out(inOneLine(`${entityType} has no record to show.`));
      if (previews.some(({ outcome }) => outcome === 'errored' || outcome === 'held')) done(1);
    });
}

async function askWorker({ process, entityType, id, sample = 1, taskQueue, force }: Asked, io: Io): Promise<Preview[]> {
  const { connection, client } = await connect();
  try {
    if (force !== true && (await isPaused(client, process))) throw paused(process);
    const input: PreviewInput = { v: 1, process, entityType, ...(id === undefined ? { sample } : { id }) };
    const answer = await askLook<PreviewResult>(client, {
      ...{ type: 'preview', process, input, limit: LIMIT, signal: io.signal },
      ...(taskQueue === undefined ? {} : { taskQueue }),
    }).catch((error: unknown) => {
      throw new Told(error instanceof Error ? error.message : String(error), { cause: error });
    });
    if (answer === 'silent')
      throw new Told('No worker took the request. Start one (npx sangam worker), say which --task-queue it polls, or add --show-values.');
    const { stopped, previews } = answer;
    if (stopped) throw new Told(inOneLine(`${stopped.message} ${stopped.remedy} (${stopped.code})`));
    return previews;
  } finally {
    await connection.close();
  }
}

async function runHere({ process, entityType, id, sample = 1, file, integrations, force }: Asked, io: Io): Promise<Preview[]> {
  const given = file === undefined ? undefined : await readGiven(file);
  return withEntityType({ integrations, process, entityType }, io, async ({ active, parts, context }) => {
    if (force !== true && (await isKnownPaused(process))) throw paused(process);
    const wanted: Wanted =
      given !== undefined ? { record: recordIn(given, parts) } : id !== undefined ? { id } : { sample, until: new Date().toISOString() };
    return previewSome(wanted, entityType, active.parts, { showValues: true }, context);
  });
}

/** Without Temporal nothing of a pause is known, and none is needed. */
async function isKnownPaused(process: string): Promise<boolean> {
  const to = await connect().catch(() => undefined);
  try {
    return to !== undefined && (await isPaused(to.client, process));
  } finally {
    await to?.connection.close();
  }
}

function paused(process: string): Told {
  return new Told(`Nothing is looked at, since ${process} is paused and no request is made to its systems: resume it, or say --force.`);
}

async function readGiven(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Told(`${file} cannot be read.`, { cause: error });
  });
  try {
    return readJsonForExpressions(text);
  } catch (error) {
    throw new Told(`${file} is not JSON.`, { cause: error });
  }
}

function recordIn(given: unknown, { source, definition }: EntityTypeParts) {
  const record = source.read?.(given);
  if (!record) throw new Told(`Records of ${definition.from.system} cannot be given by a file.`);
  if (!('error' in record)) return record;
  const { path = '' } = record.error;
  throw new Told(`The file does not hold a record as ${definition.from.system} gives it: look at ${path === '' ? 'its root' : path}.`);
}

function sampleSize(text: string): number {
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1 || size > MAX_SAMPLE) throw new InvalidArgumentError(`It is a number from 1 to ${MAX_SAMPLE}.`);
  return size;
}
