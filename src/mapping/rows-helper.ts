import type { CodeTable } from '../definition/definition.js';
import { getOwn } from '../model/keyed.js';
import { MappingFailed } from './mapping.js';

/** `$rows(table)`: the rows of a table, by the names of its columns. */
export function rowsHelper(codes: Record<string, CodeTable>): (table: string) => Record<string, string>[] {
  return (name) => {
    const rows = getOwn(codes, name)?.rows;
    if (rows) return [...rows];
    throw new MappingFailed({
      code: 'CodeTableMissing',
      message: 'The expression names a table of rows that the definition does not have.',
      remedy: 'Name a table of “codes:” that has rows.',
    });
  };
}
