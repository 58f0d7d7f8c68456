import { readFile } from 'node:fs/promises';

/** A file's text; undefined where it is not UTF-8: names in it would silently be others. @throws where it cannot be read */
export async function readText(path: string): Promise<string | undefined> {
  const bytes = await readFile(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
