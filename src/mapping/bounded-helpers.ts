import { MAX_LENGTH, TooLarge } from './engine-limits.js';
import { ownOf } from './own-of.js';
import { MAX_WEIGHT } from './plain.js';
import { sizeOf } from './size-of.js';

const ownPad = await ownOf<(text: string | undefined, width: number, sign?: string) => string | undefined>('pad');
const ownClone = await ownOf<(value: unknown) => unknown>('clone');

/**
 * JSONata's `$pad`, but that it makes no list of tens of millions of letters in one step: V8 ends
 * the whole process, not the thread, where that is more at once than the thread may have.
 *
 * @throws TooLarge
 */
export function padHelper(text: string | undefined, width: number, sign?: string): string | undefined {
  if (Math.abs(width) * Math.max(1, sign?.length ?? 1) > MAX_LENGTH) throw new TooLarge();
  return ownPad(text, width, sign);
}

/**
 * JSONata's `$clone`, which `~> |…|…|` calls too, but that it reads no text of more than an
 * expression may give: for the same reason.
 *
 * @throws TooLarge
 */
export function cloneHelper(value: unknown): unknown {
  if (sizeOf(value, MAX_WEIGHT) > MAX_WEIGHT) throw new TooLarge();
  return ownClone(value);
}
