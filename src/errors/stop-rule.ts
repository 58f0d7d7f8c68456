import type { ErrorsDefinition } from '../definition/definition.js';
import type { ClassifiedError } from './classified-error.js';

/** How the latest records of an entity type fared; held ones count nowhere here. */
export interface Failing {
  /** Failures in a row, up to now; below 0: so many more are taken, in a row or not, since an operator accepted them. */
  consecutive: number;
  /** The latest records, oldest first: `x` failed, `.` did not. */
  recent: string;
  /** The error types of those of them that failed, oldest first, and how many in turn; what an earlier release counted is not among them. */
  types?: [errorType: string, count: number][];
  /** What to do about each of these types. */
  remedies?: Record<string, string>;
}

/** What a record failed with; undefined: it did not. */
export type FailedWith = Pick<ClassifiedError, 'errorType' | 'remedy'> | undefined;

export const notFailing: Readonly<Failing> = { consecutive: 0, recent: '' };

const WINDOW = 200;

/** How the latest records fare after these too, whatever the limits. */
export function fared(before: Failing, tried: readonly FailedWith[]): Failing {
  return tooMany(before, tried, { consecutive: Infinity, share: 1 }).failing;
}

/**
 * Takes the records of a page into account, in the order they were read. @returns how they fared, and the place in `tried` of the one by which
 * it became too many, if any.
 */
export function tooMany(
  before: Failing,
  tried: readonly FailedWith[],
  limits: Pick<ErrorsDefinition['stopAfter'], 'consecutive' | 'share'>,
): { failing: Failing; at?: number } {
  let { consecutive, recent } = before;
  let bad = [...recent].filter((each) => each === 'x').length;
  const types = new Types(before);
  const failing = (): Failing => ({ consecutive, recent, ...types.kept() });
  for (const [at, each] of tried.entries()) {
    consecutive = each ? consecutive + 1 : Math.min(consecutive, 0);
    recent += each ? 'x' : '.';
    if (each) {
      bad += 1;
      types.add(each);
    }
    if (recent.length > WINDOW) {
      if (recent.startsWith('x')) bad -= 1;
      recent = recent.slice(1);
      types.shrink(bad);
    }
    const inRow = consecutive >= limits.consecutive;
    if (consecutive < 0) continue;
    if (each && (inRow || (recent.length === WINDOW && bad > WINDOW * limits.share))) return { failing: failing(), at };
  }
  return { failing: failing() };
}

/** The error types of a window, in runs of the same one. */
class Types {
  private readonly runs: [string, number][];
  private readonly remedies: Map<string, string>;
  private total: number;

  constructor({ types = [], remedies = {} }: Failing) {
    this.runs = types.map(([name, count]) => [name, count]);
    this.remedies = new Map(Object.entries(remedies));
    this.total = types.reduce((sum, [, count]) => sum + count, 0);
  }

  add({ errorType, remedy }: NonNullable<FailedWith>): void {
    const last = this.runs.at(-1);
    if (last?.[0] === errorType) last[1] += 1;
    else this.runs.push([errorType, 1]);
    this.remedies.set(errorType, remedy);
    this.total += 1;
  }

  /** Leaves so many at most: those that are not known are the oldest. */
  shrink(most: number): void {
    for (; this.total > most; this.total -= 1) {
      const [first] = this.runs;
      if (first && (first[1] -= 1) === 0) this.runs.shift();
    }
  }

  kept(): Pick<Failing, 'types' | 'remedies'> {
    if (this.runs.length === 0) return {};
    const names = [...new Set(this.runs.map(([name]) => name))];
    return { types: this.runs, remedies: Object.fromEntries(names.map((name) => [name, this.remedies.get(name) ?? ''])) };
  }
}
