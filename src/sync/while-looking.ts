import { setImmediate as turn } from 'node:timers/promises';
import type { Context, Destination, LookedAhead, Origin } from '../connectors/connector.js';

/**
 * Does what computes and then writes, while the destination already looks for what it has of these
 * records: mapping a page takes about as long as one look-up. When this ends, however it does,
 * nothing of the look is in flight.
 */
export async function whileLooking<T>(
  destination: Destination,
  origins: Origin[],
  work: (ahead: LookedAhead | undefined) => Promise<T>,
  c: Context,
): Promise<T> {
  const ahead = origins.length > 0 ? destination.lookAhead?.(origins, c) : undefined;
  if (!ahead) return work(undefined);
  try {
    // Its requests leave before the processor is taken.
    await turn();
    return await work(ahead);
  } finally {
    await ahead.ended;
  }
}
