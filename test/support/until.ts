import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until `condition` gives something truthy, asking again and again, `every` so many
 * milliseconds, or ever more seldom; fails in words after `limit` milliseconds.
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  limit = 60_000,
  every?: number,
): Promise<T> {
  const end = Date.now() + limit;
  for (let wait = every ?? 20; ; wait = every ?? Math.min(100, wait * 1.2)) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`Waited ${limit} ms in vain for: ${what}`);
    await pause(wait);
  }
}
