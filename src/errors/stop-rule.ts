import type { ErrorsDefinition } from '../definition/definition.js';

/** How the latest records of an entity type fared; held ones count nowhere here. */
export interface Failing {
  /** Failures in a row, up to now; below 0: so many more are taken, in a row or not, since an operator accepted them. */
  consecutive: number;
  /** The latest records, oldest first: `x` failed, `.` did not. */
  recent: string;
}

export const notFailing: Readonly<Failing> = { consecutive: 0, recent: '' };

const WINDOW = 200;

/** How the latest records fare after these too, whatever the limits. */
export function fared(before: Failing, failed: readonly boolean[]): Failing {
  return tooMany(before, failed, { consecutive: Infinity, share: 1 }).failing;
}

/**
 * Takes the records of a page into account, in the order they were read. @returns how they fared, and the place in `failed` of the one by which
 * it became too many, if any.
 */
export function tooMany(
  before: Failing,
  failed: readonly boolean[],
  limits: Pick<ErrorsDefinition['stopAfter'], 'consecutive' | 'share'>,
): { failing: Failing; at?: number } {
  let { consecutive, recent } = before;
  let bad = [...recent].filter((each) => each === 'x').length;
  for (const [at, each] of failed.entries()) {
    consecutive = each ? consecutive + 1 : Math.min(consecutive, 0);
    recent += each ? 'x' : '.';
    if (each) bad += 1;
    if (recent.length > WINDOW) {
      if (recent.startsWith('x')) bad -= 1;
      recent = recent.slice(1);
    }
    const inRow = consecutive >= limits.consecutive;
    if (consecutive < 0) continue;
    if (each && (inRow || (recent.length === WINDOW && bad > WINDOW * limits.share))) return { failing: { consecutive, recent }, at };
  }
  return { failing: { consecutive, recent } };
}
