import { setTimeout as pause } from 'node:timers/promises';
import { filesBelow } from '../../assembly/files-below.js';

/** Milliseconds between two looks. */
const INTERVAL = 250;

/**
 * Calls after changes below a folder, until the signal aborts. It looks itself: what the system
 * tells of changes misses files that an editor puts in the place of others. Never throws.
 */
export async function watchFolder(folder: string, signal: AbortSignal, changed: () => Promise<void>): Promise<void> {
  const look = async (): Promise<string> => JSON.stringify(await filesBelow(folder));
  let before = await look();
  let told = before;
  while (!signal.aborted) {
    await pause(INTERVAL, undefined, { signal }).catch(() => undefined);
    const now = await look();
    // Once it rests: an editor writes a file in several steps.
    if (now === before && now !== told && !signal.aborted) {
      told = now;
      await changed().catch(() => undefined);
    }
    before = now;
  }
}
