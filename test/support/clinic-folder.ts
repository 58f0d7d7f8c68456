import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLINIC } from './clinic.js';

/**
 * A copy of the ready definition in a folder of its own, which can be changed while a worker runs.
 */
export interface ClinicFolder {
  path: string;
  /** Replaces text of the definition; each must be in it. */
  edit(...changes: [from: string, to: string][]): Promise<void>;
  remove(): Promise<void>;
}

/**
 * A margin of a millisecond and a wide overlap: a change of a second ago is seen in the next cycle,
 * and need not be waited for.
 */
export const AT_ONCE: [string, string] = ['    connector: avni\n', '    connector: avni\n    margin: 1 ms\n    overlap: 10 s\n'];

/**
 * Retries are left to the test, however long it takes on a slow machine: nothing is tried again by
 * itself meanwhile.
 */
const RETRIES_BY_HAND = '    errors: { every: 1 hour, backOff: { first: 1 hour } }\n';

export function copyClinic(changes: [from: string, to: string][]): Promise<ClinicFolder> {
  return copyDefinition({ folder: CLINIC, file: 'clinic.yaml' }, changes);
}

/** The same of another ready definition. */
export async function copyDefinition(
  { folder, file: name }: { folder: string; file: string },
  changes: [from: string, to: string][],
): Promise<ClinicFolder> {
  const path = await mkdtemp(join(tmpdir(), 'sangam-definition-'));
  await cp(folder, path, { recursive: true });
  const file = join(path, name);
  const edit: ClinicFolder['edit'] = async (...edits) => {
    let text = await readFile(file, 'utf8');
    for (const [from, to] of edits) {
      if (!text.includes(from)) throw new Error(`The definition has no ${from}`);
      text = text.replace(from, () => to);
    }
    await writeFile(file, text);
  };
  await edit(...changes);
  const text = await readFile(file, 'utf8');
  if (!text.includes('    errors:'))
    await writeFile(
      file,
      text.replace(/^ {4}every: .*\n/m, (every) => every + RETRIES_BY_HAND),
    );
  return { path, edit, remove: () => rm(path, { recursive: true, force: true }) };
}
