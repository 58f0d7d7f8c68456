import { realpath } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import type { CodeTable } from './definition.js';
import type { Draft } from './draft.js';
import { isCodeFile, type CodeFileInput, type CodeTableInput } from './schema/code-table.js';
import { readText } from './source/read-text.js';
import type { Report } from './source/report.js';
import { didYouMean } from './source/suggest.js';
import type { Path } from './source/yaml-source.js';

/** The code tables of a file; those in CSV files lie below the definition's folder. A table that is wrong is left out. */
export async function readCodes(draft: Draft, file: string, report: Report): Promise<Map<string, CodeTable>> {
  const tables = new Map<string, CodeTable>();
  for (const [name, input] of draft.codes) {
    const at: Path = ['codes', name];
    const entries = input && (isCodeFile(input) ? await entriesOfFile(input, dirname(file), at, report) : entriesOf(input));
    if (!input || !entries) continue;
    const fallback = input['default'];
    tables.set(name, { name, entries, ...(fallback !== undefined ? { fallback: String(fallback) } : {}) });
  }
  return tables;
}

function entriesOf(input: CodeTableInput): Record<string, string> {
  const pairs = Object.entries(input).filter(([code]) => code !== 'default');
  return Object.fromEntries(pairs.map(([code, value]) => [code, String(value)]));
}

async function entriesOfFile(input: CodeFileInput, folder: string, at: Path, report: Report): Promise<Record<string, string> | undefined> {
  const text = await textBelow(folder, input.file, [...at, 'file'], report);
  if (text === undefined) return undefined;
  const rows = rowsOf(text, [...at, 'file'], report);
  if (!rows) return undefined;
  const [header = [], ...data] = rows;
  const twice = [input.key, input.value].find((column) => header.indexOf(column) !== header.lastIndexOf(column));
  if (twice !== undefined) {
    report.add('InvalidCsv', [...at, 'file'], `${input.file} has more than one column "${twice}".`);
    return undefined;
  }
  const [key, value] = [input.key, input.value].map((column) => header.indexOf(column));
  for (const [setting, index] of Object.entries({ key, value }))
    if (index === -1) reportColumn(setting === 'key' ? 'key' : 'value', input, header, at, report);
  if (key === undefined || value === undefined || key < 0 || value < 0) return undefined;
  return unique(
    data.map((row, index) => ({ code: row[key] ?? '', value: row[value] ?? '', line: index + 2 })),
    input,
    at,
    report,
  );
}

function reportColumn(setting: 'key' | 'value', input: CodeFileInput, header: string[], at: Path, report: Report): void {
  const message = `${input.file} has no column "${input[setting]}".${didYouMean(input[setting], header)}`;
  report.add('MissingColumn', [...at, setting], message, { allowed: header.join(', ') });
}

/** The rows as a table, unless a code stands twice. Codes are named by their row, since a table may hold anything. */
function unique(
  rows: { code: string; value: string; line: number }[],
  input: CodeFileInput,
  at: Path,
  report: Report,
): Record<string, string> | undefined {
  const first = new Map<string, number>();
  const twice = rows.find(({ code, line }) => {
    const known = first.has(code);
    if (!known) first.set(code, line);
    return known;
  });
  if (!twice) return Object.fromEntries(rows.map(({ code, value }) => [code, value]));
  const message = `Rows ${first.get(twice.code)} and ${twice.line} of ${input.file} have the same "${input.key}".`;
  report.add('DuplicateCode', [...at, 'file'], message);
  return undefined;
}

async function textBelow(folder: string, file: string, at: Path, report: Report): Promise<string | undefined> {
  const path = resolve(folder, file);
  if (!isBelow(folder, path)) {
    report.add('OutsideFolder', at, `${file} lies outside the folder of the definition.`, { allowed: 'a path below that folder' });
    return undefined;
  }
  try {
    // A link could still lead out of the folder.
    if (isBelow(await realpath(folder), await realpath(path))) {
      const text = await readText(path);
      if (text === undefined) report.add('InvalidCsv', at, `${file} is not in UTF-8.`, { allowed: 'CSV saved as UTF-8' });
      return text;
    }
    report.add('OutsideFolder', at, `${file} leads outside the folder of the definition.`, { allowed: 'a path below that folder' });
  } catch {
    report.add('MissingFile', at, `${file} cannot be read; it is looked for beside the definition.`);
  }
  return undefined;
}

function isBelow(folder: string, path: string): boolean {
  const steps = relative(resolve(folder), path).split(sep);
  return steps[0] !== '..' && steps[0] !== '' && resolve(folder, ...steps) === path;
}

function rowsOf(text: string, at: Path, report: Report): string[][] | undefined {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    const row = error instanceof CsvError && typeof error['lines'] === 'number' ? ` (near row ${error['lines']})` : '';
    report.add('InvalidCsv', at, `The file is not valid CSV${row}.`);
    return undefined;
  }
}
