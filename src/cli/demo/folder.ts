import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const OF_A_DEMO = /^demo-(\d+)$/;

/**
 * Makes the folder of this process' demo below `parent`, and takes away those that demos left whose
 * process is gone.
 */
export async function openDemoFolder(parent: string): Promise<string> {
  const folder = join(parent, `demo-${process.pid}`);
  // One of an earlier process of the same number.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(parent)) {
    const pid = Number(OF_A_DEMO.exec(name)?.[1] ?? process.pid);
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
