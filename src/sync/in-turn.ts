import { setImmediate as turn } from 'node:timers/promises';

/**
 * Milliseconds of work after which others, such as heartbeats and requests in flight, have a turn.
 */
const SLICE = 10;

/**
 * What `Promise.all(items.map(work))` gives, one item after another: for work that only computes.
 * All at once would keep every half-done one in memory, and the collector busy with them.
 */
export async function inTurn<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let begin = performance.now();
  for (const [index, item] of items.entries()) {
    results.push(await work(item, index));
    if (performance.now() - begin < SLICE) continue;
    await turn();
    begin = performance.now();
  }
  return results;
}
