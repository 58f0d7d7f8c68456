import { z } from 'zod';

/** The file's own text, whatever it looks like: an editor that reads numbers and booleans into it is not wrong. */
const code = z.union([z.string(), z.number(), z.boolean(), z.null()], { error: 'must be text' });

const fromFile = z
  .strictObject({
    file: z.string().min(1, 'must name a CSV file').meta({ description: 'A CSV file with a header line, beside or below the definition' }),
    key: z.string().meta({ description: 'The column of what records say' }),
    value: z.string().meta({ description: 'The column of what it becomes; a blank cell has no code yet' }),
    default: code.optional().meta({ description: 'For what the table has not' }),
  })
  .meta({ description: 'A code table in a CSV file' });

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

export const codeTableSchema = z.union([fromFile, inline]);

export type CodeTableInput = z.infer<typeof codeTableSchema>;
export type CodeFileInput = z.infer<typeof fromFile>;

export function isCodeFile(table: CodeTableInput): table is CodeFileInput {
  return Object.hasOwn(table, 'file');
}

/** A scalar of a table as text. */
export function codeText(code: string | number | boolean | null | undefined): string {
  return code === null || code === undefined ? '' : String(code);
}
