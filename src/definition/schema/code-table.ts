import { z } from 'zod';

/**
 * The file's own text, whatever it looks like: an editor that reads numbers and booleans into it is
 * not wrong.
 */
const code = z.union([z.string(), z.number(), z.boolean(), z.null()], { error: 'must be text' });

const fromFile = z
  .strictObject({
    file: z.string().min(1, 'must name a CSV file').meta({ description: 'A CSV file with a header line, beside or below the definition' }),
    key: z.string().meta({ description: 'The column of what records say' }),
    value: z.string().meta({ description: 'The column of what it becomes; a blank cell has no code yet' }),
    default: code.optional().meta({ description: 'For what the table has not' }),
  })
  .meta({ description: 'A code table in a CSV file' });

const rowsFromFile: z.ZodType<{ file: string }> = z
  .looseObject({
    file: z.string().min(1, 'must name a CSV file').meta({ description: 'A CSV file with a header line: rows for $rows' }),
  })
  // Else a union takes this alternative for the one that was meant.
  .refine((table) => Object.keys(table).length === 1, { error: 'rows have a "file" alone', abort: true })
  .meta({ description: 'Rows of a CSV file, by the names of its columns, for $rows' });

const rows = z
  .array(z.record(z.string().min(1, 'must name a column'), code))
  .min(1, 'must have at least one row')
  .meta({ description: 'Rows with named columns, for $rows; "" and a column that is left away are blank' });

const inline = z
  .record(z.string(), code)
  .refine((table) => !Object.hasOwn(table, 'file'), {
    error: 'a table with "file" also needs "key" and "value"',
    // Else a union takes this alternative for the one that was meant.
    abort: true,
  })
  .meta({
    description:
      'What records say, and what it becomes: the text as it stands; "" has no code yet; "default" is for what the table has not',
  });

export const codeTableSchema = z.union([fromFile, inline, rowsFromFile, rows]);

export type CodeTableInput = z.infer<typeof codeTableSchema>;
export type CodeFileInput = z.infer<typeof fromFile>;

type RowFileInput = z.infer<typeof rowsFromFile>;

export function isCodeFile(table: CodeTableInput): table is CodeFileInput {
  return Object.hasOwn(table, 'file') && Object.hasOwn(table, 'key');
}

/** Whether it has rows with named columns, which `$rows` gives, and no codes. */
export function isRows(table: CodeTableInput): table is RowFileInput | z.infer<typeof rows> {
  return isRowList(table) || (Object.hasOwn(table, 'file') && !isCodeFile(table));
}

/** Whether its rows stand in the definition. */
export function isRowList(table: CodeTableInput): table is z.infer<typeof rows> {
  return Array.isArray(table);
}

/** A scalar of a table as text. */
export function codeText(code: string | number | boolean | null | undefined): string {
  return code === null || code === undefined ? '' : String(code);
}
