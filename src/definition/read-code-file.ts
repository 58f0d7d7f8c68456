import { dirname, resolve } from 'node:path';
import { CsvError, parse, type Info } from 'csv-parse/sync';
import { byName } from './parts/by-name.js';
import type { CodeFileInput } from './schema/code-table.js';
import type { Report } from './source/report.js';
import { didYouMean, listed } from './source/suggest.js';
import { textBelow } from './source/text-below.js';
import type { Path } from './source/path.js';

/** Bytes of a code table: some 300,000 codes. */
const MAX_BYTES = 8 * 1024 * 1024;

/** A code, what it becomes, and where it ends: a line of the file, counted from 1. */
interface CodeRow {
  code: string;
  value: string;
  line: number;
}

interface Place {
  definition: string;
  at: Path;
  report: Report;
}

/**
 * All rows of a CSV file below the definition's folder, by its columns and without blank cells;
 * undefined where anything is wrong with it. `at`: the table's place.
 */
export async function readRowFile(file: string, { definition, at, report }: Place): Promise<Record<string, string>[] | undefined> {
  const within = [...at, 'file'];
  const text = await textOf(dirname(definition), file, within, report);
  const lines = text === undefined ? undefined : linesOf(text, within, report);
  if (!lines) return undefined;
  const [header = [], ...data] = lines.map(({ record }) => record);
  const twice = header.find((column, index) => column === '' || header.indexOf(column) !== index);
  if (twice !== undefined || data.length === 0) {
    const why = twice === undefined ? 'has no rows' : twice === '' ? 'has a column without a name' : `has more than one column "${twice}"`;
    report.add('InvalidCsv', within, `${file} ${why}.`);
    return undefined;
  }
  return data.map((row) => byName(header.flatMap((column, index) => (row[index] ? [[column, row[index]] as const] : []))));
}

/**
 * The rows of a code table in a CSV file below the definition's folder; undefined where anything is
 * wrong with it. `at`: the table's place.
 */
export async function readCodeFile(input: CodeFileInput, { definition, at, report }: Place): Promise<CodeRow[] | undefined> {
  const folder = dirname(definition);
  const text = await textOf(folder, input.file, [...at, 'file'], report);
  if (text === undefined) return undefined;
  const lines = linesOf(text, [...at, 'file'], report);
  if (!lines) return undefined;
  const [header = [], ...data] = lines.map(({ record }) => record);
  const twice = [input.key, input.value].find((column) => header.indexOf(column) !== header.lastIndexOf(column));
  if (twice !== undefined) {
    report.add('InvalidCsv', [...at, 'file'], `${input.file} has more than one column "${twice}".`);
    return undefined;
  }
  const [key = -1, value = -1] = [input.key, input.value].map((column) => header.indexOf(column));
  if (key < 0) reportColumn('key', input, header, at, report);
  if (value < 0) reportColumn('value', input, header, at, report);
  if (key < 0 || value < 0) return undefined;
  return data.map((row, index) => ({ code: row[key] ?? '', value: row[value] ?? '', line: lines[index + 1]?.line ?? 1 }));
}

function reportColumn(setting: 'key' | 'value', input: CodeFileInput, header: string[], at: Path, report: Report): void {
  const message = `${input.file} has no column "${input[setting]}".${didYouMean(input[setting], header)}`;
  report.add('MissingColumn', [...at, setting], message, { allowed: listed(header) });
}

function textOf(folder: string, file: string, at: Path, report: Report): Promise<string | undefined> {
  return textBelow(folder, resolve(folder, file), MAX_BYTES, (code, message, allowed) =>
    report.add(code === 'NotUtf8' ? 'InvalidCsv' : code, at, message, allowed === undefined ? {} : { allowed }),
  );
}

function linesOf(text: string, at: Path, report: Report): { record: string[]; line: number }[] | undefined {
  try {
    // With `info` each record comes with its place, which the types of csv-parse know of records
    // with names only.
    const rows = parse(text, { bom: true, trim: true, skip_empty_lines: true, info: true }) as unknown as {
      record: string[];
      info: Info;
    }[];
    return rows.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    const row = error instanceof CsvError && typeof error['lines'] === 'number' ? ` (near row ${error['lines']})` : '';
    report.add('InvalidCsv', at, `The file is not valid CSV${row}.`);
    return undefined;
  }
}
