import type { ErrorsDefinition } from '../../definition/definition.js';
import type { ClassifiedError } from '../../model/classified-error.js';

/**
 * When a record that failed for the `attempt`th time is tried again, in milliseconds since the
 * epoch; undefined where it waits for a person. The wait doubles up to the longest, and is spread
 * by up to a fifth, so that what failed together is not tried together. `random`: 0 to 1.
 */
export function nextTry(
  attempt: number,
  error: ClassifiedError,
  { attempts, backOff }: Pick<ErrorsDefinition, 'attempts' | 'backOff'>,
  now: number,
  random: number,
): number | undefined {
  if (error.then !== 'retry' || attempt >= attempts) return undefined;
  const grown = Math.min(backOff.first * 2 ** Math.min(attempt - 1, 40), backOff.longest);
  return now + Math.round(grown * (1 - random / 5));
}

/**
 * When a record is tried again that waits on its parent, in milliseconds since the epoch: as often
 * as that is, since no attempt is used up by it. The wait grows with the time since it first
 * failed, up to the longest; undefined where its error type says that it is not tried by itself.
 */
export function nextLook(
  firstFailedAt: number,
  error: ClassifiedError,
  { backOff }: Pick<ErrorsDefinition, 'backOff'>,
  now: number,
  random: number,
): number | undefined {
  if (error.then !== 'retry') return undefined;
  const grown = Math.min(Math.max(backOff.first, now - firstFailedAt), backOff.longest);
  return now + Math.round(grown * (1 - random / 5));
}
