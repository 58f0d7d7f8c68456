import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { readText } from './read-text.js';

/** Told why a file cannot be used. */
type Refuse = (code: string, message: string, allowed?: string) => void;

/**
 * The text of a file below a definition's folder, of at most so many bytes; undefined where it
 * cannot be used, which `refuse` is told. Neither its path nor a link leads out of the folder.
 */
export async function textBelow(folder: string, path: string, most: number, refuse: Refuse): Promise<string | undefined> {
  const file = resolve(path);
  const name = relative(resolve(folder), file);
  if (!isBelow(folder, file)) {
    refuse('OutsideFolder', `${name} lies outside the folder of the definition.`, 'a path below that folder');
    return undefined;
  }
  try {
    // A link could still lead out of the folder.
    if (!isBelow(await realpath(folder), await realpath(file))) {
      refuse('OutsideFolder', `${name} leads outside the folder of the definition.`, 'a path below that folder');
      return undefined;
    }
    const read = await readText(file, most);
    if ('text' in read) return read.text;
    if (read.problem === 'TooLarge') refuse('TooLarge', `${name} is larger than such a file may be.`, `at most ${most / 1024 / 1024} MiB`);
    else refuse('NotUtf8', `${name} is not in UTF-8.`, 'a file saved as UTF-8');
  } catch {
    refuse('MissingFile', `${name} cannot be read; it is looked for beside the definition.`);
  }
  return undefined;
}

function isBelow(folder: string, path: string): boolean {
  const steps = relative(resolve(folder), path).split(sep);
  return steps[0] !== '..' && steps[0] !== '' && resolve(folder, ...steps) === path;
}
