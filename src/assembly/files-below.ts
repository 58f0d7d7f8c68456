import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file as a look at its folder shows it: another look shows whether it changed. */
export interface FileState {
  file: string;
  mtimeMs: number;
  size: number;
}

/** Every file at or below a path. */
export async function filesBelow(path: string): Promise<FileState[]> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return [];
  if (!info.isDirectory()) return [{ file: path, mtimeMs: info.mtimeMs, size: info.size }];
  const names = (await readdir(path).catch(() => [])).sort();
  return (await Promise.all(names.map((name) => filesBelow(join(path, name))))).flat();
}
