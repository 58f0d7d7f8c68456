import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import type { TraceInput, TraceResult } from '../../../workflows/contracts.js';
import { getOwn } from '../../model/keyed.js';
import type { TracedRecord } from '../../sync/trace.js';
import { keyOf } from '../../model/record-key.js';
import { readRow } from '../../temporal/errors/read-row.js';
import { listProcesses, readStatus, readStatuses, type LiveStatus, type NoStatus } from '../../temporal/read-status.js';
import { rowId } from '../../temporal/rows/row-id.js';
import { Told, type Io } from '../io.js';
import { askWorker, expectProcessId, withTemporal, type LookOptions } from '../looking.js';
import { inOneLine } from '../printable.js';
import { listedText, rowText } from '../row-text.js';
import { typeText } from '../status-text.js';
import { isWhole, traceText } from '../trace-text.js';

/** Milliseconds after which a worker gives up. */
const LIMIT = 15 * 60_000;

interface Options extends LookOptions {
  json?: boolean;
}

/**
 * `sangam trace`: a record’s way through all types of its process: what it depends on and what
 * depends on it, in both systems, their errored records, and how their types stand. Exit status 1
 * where anything of it is not in step.
 */
export function traceCommand(program: Command, io: Io, done: (status: number) => void): void {
  program
    .command('trace')
    .description('one record’s way: parents and children, in both systems, their errored records, and how their types stand')
    .argument('<where...>', '[process] <entityType> <id>; without the process, of the one that runs and has the type')
    .option('--task-queue <name>', 'of the worker, where the process does not run')
    .option('--force', 'though the process is paused')
    .option('--json', 'as JSON')
    .action(async (where: string[], options: Options) => {
      const [process, entityType, id] = await whereOf(where);
      expectProcessId(process);
      const input: TraceInput = { v: 1, process, entityType, id };
      const asking = { type: 'trace', limit: LIMIT, input: () => Promise.resolve(input) };
      const { trace } = await askWorker<TraceResult>(process, asking, options, io);
      if (!trace) throw new Told('The worker gave no answer.');
      const rows = (await withTemporal((client) => rowsOf(client, process, trace.records))) ?? new Map<string, string>();
      const status = await withTemporal((client) => readStatus(client, process).catch(() => undefined));
      if (options.json === true) io.out(JSON.stringify({ process, ...trace, rows: Object.fromEntries(rows) }, null, 2));
      else {
        io.out(traceText(trace, (record) => rows.get(keyOf(record))));
        io.out(sheetsText(status, trace.records));
      }
      if (!isWhole(trace) || rows.size > 0) done(1);
    });
}

async function whereOf(where: string[]): Promise<[string, string, string]> {
  const [first = '', second, third, ...more] = where;
  if (second === undefined || more.length > 0) throw new Told('Give [process] <entityType> <id>.');
  if (third !== undefined) return [first, second, third];
  const having = (await withTemporal((client) => processesWith(client, first))) ?? [];
  const [process] = having;
  if (process !== undefined && having.length === 1) return [process, first, second];
  const why = having.length > 1 ? `${having.join(' and ')} have` : 'No process that runs has';
  throw new Told(inOneLine(`${why} an entity type "${first.slice(0, 80)}": name the process first.`));
}

async function processesWith(client: Client, entityType: string): Promise<string[]> {
  const all = await readStatuses(client, await listProcesses(client, 'running'));
  return all.flatMap((status) => ('types' in status && getOwn(status.types, entityType) ? [status.process] : []));
}

/** What is known of the open errored records of these, by `keyOf`. */
async function rowsOf(client: Client, process: string, records: TracedRecord[]): Promise<Map<string, string>> {
  const rows = new Map<string, string>();
  for (const record of records) {
    const row = await readRow(client, rowId(process, record.entityType, record.id));
    if (row === undefined || (!('listed' in row) && row.ended !== undefined)) continue;
    if (!('listed' in row)) rows.set(keyOf(record), rowText(inOneLine(row)));
    else rows.set(keyOf(record), row.listed ? listedText(inOneLine(row.listed)) : 'no worker answers for its row');
  }
  return rows;
}

/** How the types stand that the records are of. */
function sheetsText(status: LiveStatus | NoStatus | undefined, records: TracedRecord[]): string {
  if (!status || !('types' in status)) return 'How the types stand is not known: the process does not say.';
  const names = new Set(records.map(({ entityType }) => entityType));
  const types = Object.entries(inOneLine(status.types)).filter(([name]) => names.has(name));
  return ['The types:', ...types.flatMap(typeText)].join('\n');
}
