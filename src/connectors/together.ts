import { setMaxListeners } from 'node:events';
import type { Context } from './connector.js';

/**
 * What `Promise.all` gives of works that read. Once one fails, or the whole is cancelled, the
 * others are cancelled, and all are over before it throws what the first one threw: whoever is told
 * that a system failed, and rests, may rely on nothing further being asked of it.
 */
export async function together<T extends readonly unknown[]>(
  works: { [K in keyof T]: (c: Context) => Promise<T[K]> },
  c: Context,
): Promise<T> {
  const end = new AbortController();
  const abort = (): void => end.abort();
  setMaxListeners(0, c.signal);
  if (c.signal.aborted) abort();
  else c.signal.addEventListener('abort', abort, { once: true });
  let failed: { error: unknown } | undefined;
  const guarded = works.map(async (work) => {
    try {
      return await work({ ...c, signal: end.signal });
    } catch (error) {
      failed ??= { error };
      abort();
      return undefined;
    }
  });
  const results = await Promise.all(guarded);
  c.signal.removeEventListener('abort', abort);
  if (failed) throw failed.error;
  return results as unknown as T;
}
