import type { CodeTable } from '../definition/definition.js';
import { MappingFailed } from './mapping.js';
import { getOwn } from '../model/keyed.js';

/** `$code(table, value)`: the value by the table, element-wise over lists; nothing for nothing. */
export function codeHelper(codes: Record<string, CodeTable>): (table: string, value: unknown) => unknown {
  const lookup = (table: CodeTable, value: unknown): unknown => {
    if (value === undefined || value === null || value === '') return undefined;
    const code = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
    const known = code !== undefined ? getOwn(table.entries, code) : undefined;
    if (known !== undefined && known !== '') return known;
    // What the table has, but without a code yet, is not for the default to hide.
    if (known === undefined && table.fallback !== undefined) return table.fallback;
    throw new MappingFailed({
      code: 'CodeMissing',
      message: `The code table “${table.name}” has no ${known === undefined ? 'entry' : 'code yet'} for this record’s value.`,
      remedy: `Add the value to codes.${table.name} of the definition (sangam shows it when the record is run again), or correct the record.`,
      ...(code !== undefined ? { detail: code } : {}),
    });
  };
  return (name, value) => {
    const table = Object.hasOwn(codes, name) ? getOwn(codes, name) : undefined;
    if (!table)
      throw new MappingFailed({
        code: 'CodeTableMissing',
        message: 'The expression names a code table that the definition does not have.',
        remedy: 'Name a table of “codes:”.',
      });
    return Array.isArray(value) ? value.map((each) => lookup(table, each)).filter((each) => each !== undefined) : lookup(table, value);
  };
}
