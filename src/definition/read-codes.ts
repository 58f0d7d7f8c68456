import { dirname, join } from 'node:path';
import type { CodeTable } from './definition.js';
import type { Draft } from './draft.js';
import { byName } from './parts/by-name.js';
import { readCodeFile, readRowFile } from './read-code-file.js';
import { codeText, isCodeFile, isRowList, isRows, type CodeFileInput, type CodeTableInput } from './schema/code-table.js';
import type { Report } from './source/report.js';
import type { Path } from './source/path.js';

type Entries = Map<string, string>;

/**
 * The code tables of a file; those in CSV files lie below the definition's folder. A table that is
 * wrong is left out.
 */
export async function readCodes(draft: Draft, file: string, report: Report): Promise<Map<string, CodeTable>> {
  const tables = new Map<string, CodeTable>();
  for (const [name, input] of draft.codes) {
    const at: Path = ['codes', name];
    if (input && isRows(input)) {
      const rows = isRowList(input) ? input.map(rowOf) : await readRowFile(input.file, { definition: file, at, report });
      if (rows) tables.set(name, { name, entries: {}, rows });
      continue;
    }
    const entries = input && (isCodeFile(input) ? await entriesOfFile(input, file, at, report) : entriesOf(name, input, at, report));
    if (!input || !entries) continue;
    const fallback = codeText(input['default']);
    tables.set(name, { name, entries: byName(entries), ...(fallback !== '' ? { fallback } : {}) });
  }
  return tables;
}

/** Paths of the CSV files that a definition reads. */
export function codeFilesOf({ codes }: Draft, file: string): string[] {
  return [...codes.values()].flatMap((input) =>
    input && !isRowList(input) && (isCodeFile(input) || isRows(input)) ? [join(dirname(file), input.file)] : [],
  );
}

/** A row of the definition itself, without its blank cells. */
function rowOf(row: Record<string, Parameters<typeof codeText>[0]>): Record<string, string> {
  return byName(Object.entries(row).flatMap(([column, cell]) => (codeText(cell) === '' ? [] : [[column, codeText(cell)] as const])));
}

function entriesOf(table: string, input: CodeTableInput, at: Path, report: Report): Entries {
  const entries: Entries = new Map();
  for (const [code, value] of Object.entries(input)) {
    if (codeText(value) === '') report.warn('NoCodeYet', [...at, code], noCodeYet(table));
    if (code !== 'default') entries.set(code, codeText(value));
  }
  return entries;
}

/** Unless a code stands twice. Codes are named by their line, since a table may hold anything. */
async function entriesOfFile(input: CodeFileInput, file: string, at: Path, report: Report): Promise<Entries | undefined> {
  const rows = await readCodeFile(input, { definition: file, at, report });
  if (!rows) return undefined;
  const csv = join(dirname(file), input.file);
  const entries: Entries = new Map();
  const first = new Map<string, number>();
  for (const { code, value, line } of rows) {
    if (code === '' && value === '') continue;
    const before = first.get(code);
    if (before !== undefined) {
      report.add('DuplicateCode', [...at, 'file'], `Rows ${before} and ${line} of ${input.file} have the same "${input.key}".`);
      return undefined;
    }
    first.set(code, line);
    entries.set(code, value);
    const place = { file: csv, line, column: 1 };
    if (code === '') report.warn('NoCodeYet', at, `This row has nothing under "${input.key}", so that no record meets it.`, place);
    else if (value === '') report.warn('NoCodeYet', at, noCodeYet(String(at[1])), place);
  }
  return entries;
}

function noCodeYet(table: string): string {
  return `This entry of the code table ${table} has no code yet: records that need it are errors (CodeMissing).`;
}
