import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer; fails in words after so many seconds. `every`:
 * milliseconds between two tries.
 */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, seconds: number, every = 50): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await pause(every);
  }
}
