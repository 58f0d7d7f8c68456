import pLimit from 'p-limit';
import { SystemFailure } from '../errors/system-failure.js';
import { withoutAnswer } from './system-outcome.js';
import type { WriteOutcome } from './connector.js';

/**
 * Writes to a system that takes one record at a time, so many at once. One outcome per work, in
 * order. Once one says that the system did not take it, or that nobody knows, no further one is
 * begun: that is the outcome of the rest too. Nothing is in flight once it ends.
 *
 * @throws what a work throws but a SystemFailure, which is its outcome
 */
export async function writeEach<T>(
  works: readonly T[],
  atOnce: number,
  write: (work: T) => Promise<WriteOutcome>,
): Promise<WriteOutcome[]> {
  const limit = pLimit(atOnce);
  let down: WriteOutcome | undefined;
  const results = await Promise.allSettled(
    works.map((work) =>
      limit(async () => {
        if (down) return down;
        const outcome = await write(work).catch(outcomeOf);
        if (outcome.kind === 'unavailable') down ??= outcome;
        if (outcome.kind === 'unknown') down ??= { ...outcome, kind: 'unavailable' };
        return outcome;
      }),
    ),
  );
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

function outcomeOf(error: unknown): WriteOutcome {
  if (error instanceof SystemFailure) return withoutAnswer(error);
  throw error;
}
