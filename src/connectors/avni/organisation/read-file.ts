import { basename } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { readText } from '../../../definition/source/read-text.js';
import { BadOrganisation, type FileProblem } from './bad-organisation.js';

/** Bytes: several times the largest organisation. */
const MAX_BYTES = 64 * 1024 * 1024;

/** What a file holds, JSON or YAML by its name. @throws BadOrganisation */
export async function readDataFile(file: string): Promise<unknown> {
  const content = await readText(file, MAX_BYTES).catch(() => undefined);
  if (!content) throw bad(file, 'cannot be read.');
  if (!('text' in content)) throw bad(file, content.problem === 'NotUtf8' ? 'is not in UTF-8.' : 'is larger than 64 MiB.');
  try {
    return file.endsWith('.json') ? JSON.parse(content.text) : parse(content.text);
  } catch (error) {
    throw bad(file, `is not ${file.endsWith('.json') ? 'JSON' : 'YAML'}: ${whereIn(error)}`);
  }
}

/** What a schema makes of what a file holds. @throws BadOrganisation with all that is wrong */
export function fitting<T>(file: string, schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new BadOrganisation(
    read.error.issues.map(({ path, message }): FileProblem => ({ file: basename(file), path: pathText(path), message: sentence(message) })),
  );
}

function bad(file: string, message: string): BadOrganisation {
  return new BadOrganisation([{ file, path: '', message: `The file ${message}` }]);
}

/** Where a parser stopped; what it quotes of the file may be a person's. */
function whereIn(error: unknown): string {
  const { linePos, message } = error as { linePos?: { line: number; col: number }[]; message?: string };
  const [first] = linePos ?? [];
  if (first) return `line ${first.line}, column ${first.col}.`;
  const place = /line \d+ column \d+|position \d+/.exec(message ?? '');
  return place ? `${place[0]}.` : 'it breaks off, or holds what cannot stand there.';
}

/** Counted from 1, as a person does. */
function pathText(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? String(step + 1) : String(step))).join(' » ');
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}
