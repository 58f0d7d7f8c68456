import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes the folder of this process, `<what>-<its number>`, below `parent`, and takes away those of
 * the same name that were left by processes that are gone.
 */
export async function openRunFolder(parent: string, what: 'demo' | 'dev'): Promise<string> {
  const folder = join(parent, `${what}-${process.pid}`);
  // One of an earlier process of the same number.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(parent)) {
    const number = name.startsWith(`${what}-`) ? name.slice(what.length + 1) : '';
    const pid = /^\d+$/.test(number) ? Number(number) : process.pid;
    if (!isThere(pid)) await rm(join(parent, name), { recursive: true, force: true });
  }
  return folder;
}

/** One that may not be signalled is there all the same. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
