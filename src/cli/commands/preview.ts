import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readJsonForExpressions } from '../../json/json.js';
import { previewSome, type Wanted } from '../../sync/preview-some.js';
import type { Preview } from '../../sync/preview.js';
import type { EntityTypeParts } from '../../sync/parts.js';
import type { PreviewInput, PreviewResult } from '../../../workflows/contracts.js';
import { Told, type Io } from '../io.js';
import { askWorker, expectNotPaused, expectProcessId, wholeNumber, withTemporal, type LookOptions } from '../looking.js';
import { withEntityType } from '../open-process.js';
import { previewText } from '../preview-text.js';
import { inOneLine } from '../printable.js';

const MAX_SAMPLE = 50;
/** Milliseconds after which a worker gives up. */
const LIMIT = 15 * 60_000;

interface Options extends LookOptions {
  sample?: number;
  file?: string;
  showValues?: boolean;
  integrations: string;
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
    .option('--sample <N>', 'so many records, the oldest that are not voided', wholeNumber(MAX_SAMPLE))
    .option('--file <record.json>', 'a record as its source would give it; with --show-values')
    .option('--show-values', 'run it here, with the systems’ credentials of this environment, and show values of persons')
    .option('--integrations <folder>', 'folder of definitions, with --show-values', 'integrations')
    .option('--task-queue <name>', 'of the worker, where the process does not run')
    .option('--force', 'though the process is paused')
    .option('--json', 'as JSON')
    .action(async (process: string, entityType: string, id: string | undefined, options: Options) => {
      expectProcessId(process);
      if ([id, options.sample, options.file].filter((each) => each !== undefined).length > 1)
        throw new Told('Give an id, --sample or --file: one of them.');
      if (options.file !== undefined && options.showValues !== true)
        throw new Told('A record of a file is looked at here alone, since what a worker is asked stands in a history: add --show-values.');
      const asked: Asked = { ...options, process, entityType, ...(id === undefined ? {} : { id }) };
      const previews = options.showValues === true ? await runHere(asked, io) : await runThere(asked, io);
      if (options.json === true) io.out(JSON.stringify(previews, null, 2));
      else io.out(['Nothing is written.', ...previews.map(previewText)].join('\n\n'));
      if (previews.length === 0 && options.json !== true) io.out(inOneLine(`${entityType} has no record to show.`));
      if (previews.some(({ outcome }) => outcome === 'errored' || outcome === 'held')) done(1);
    });
}

async function runThere({ process, entityType, id, sample = 1, ...how }: Asked, io: Io): Promise<Preview[]> {
  const input: PreviewInput = { v: 1, process, entityType, ...(id === undefined ? { sample } : { id }) };
  const asking = { type: 'preview', limit: LIMIT, input: () => Promise.resolve(input) };
  return (await askWorker<PreviewResult>(process, asking, how, io)).previews;
}

async function runHere({ process, entityType, id, sample = 1, file, integrations, force }: Asked, io: Io): Promise<Preview[]> {
  const given = file === undefined ? undefined : await readGiven(file);
  return withEntityType({ integrations, process, entityType }, io, async ({ active, parts, context }) => {
    if (force !== true) await withTemporal((client) => expectNotPaused(client, process));
    const wanted: Wanted =
      given !== undefined ? { record: recordIn(given, parts) } : id !== undefined ? { id } : { sample, until: new Date().toISOString() };
    return previewSome(wanted, entityType, active.parts, { showValues: true }, context);
  });
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
