import type { ErrorsDefinition } from '../definition/definition.js';
import { notFailing, type Failing } from '../model/failing.js';
import type { ClassifiedError } from '../model/classified-error.js';

/** What a record failed with; undefined: it did not. */
export type FailedWith = Pick<ClassifiedError, 'errorType' | 'remedy'> | undefined;

/** Records of which the share that failed is told. */
const WINDOW = 200;

/** How the latest records fare after these too, whatever the limits. */
export function withMore(before: Failing, tried: readonly FailedWith[]): Failing {
  return tooMany(before, tried, { consecutive: Infinity, share: 1 }).failing;
}

/**
 * Takes records into account, in the order they were tried. @returns how they fared, and the place
 * in `tried` of the one by which it became too many, if any. Failures that an operator allowed
 * count nowhere.
 */
export function tooMany(
  before: Failing,
  tried: readonly FailedWith[],
  limits: Pick<ErrorsDefinition['stopAfter'], 'consecutive' | 'share'>,
): { failing: Failing; at?: number } {
  const window = new Window(before);
  for (const [at, failed] of tried.entries()) {
    if (failed && window.allowed > 0) window.allowed -= 1;
    else if (window.add(failed) && isTooMany(window, limits)) return { failing: window.kept(), at };
  }
  return { failing: window.kept() };
}

function isTooMany(window: Window, { consecutive, share }: { consecutive: number; share: number }): boolean {
  return window.consecutive >= consecutive || (window.recent.length === WINDOW && window.bad > WINDOW * share);
}

/** The latest records, and the error types of those that failed, in runs of the same one. */
class Window {
  consecutive: number;
  recent: string;
  bad: number;
  allowed: number;
  private readonly types: [errorType: string, count: number, remedy: string][];

  constructor({ consecutive, recent, types = [], allowed = 0 }: Failing) {
    this.consecutive = consecutive;
    this.recent = recent;
    this.allowed = allowed;
    this.bad = [...recent].filter((each) => each === 'x').length;
    this.types = types.map(([name, count, remedy]) => [name, count, remedy]);
  }

  /** @returns whether it failed. */
  add(failed: FailedWith): boolean {
    this.consecutive = failed ? this.consecutive + 1 : 0;
    this.recent += failed ? 'x' : '.';
    if (failed) this.addType(failed);
    if (this.recent.length > WINDOW) this.forgetOldest();
    return failed !== undefined;
  }

  kept(): Failing {
    const { consecutive, recent, types, allowed } = this;
    if (consecutive === 0 && recent === '' && allowed === 0) return notFailing;
    return { consecutive, recent, ...(types.length > 0 ? { types } : {}), ...(allowed > 0 ? { allowed } : {}) };
  }

  private addType({ errorType, remedy }: NonNullable<FailedWith>): void {
    this.bad += 1;
    const last = this.types.at(-1);
    if (last?.[0] === errorType) return void (last[1] += 1);
    // A remedy stands once, with the latest: it may be long, and this is handed on in each history.
    for (const each of this.types) if (each[0] === errorType) each[2] = '';
    this.types.push([errorType, 1, remedy]);
  }

  private forgetOldest(): void {
    const failed = this.recent.startsWith('x');
    this.recent = this.recent.slice(1);
    if (!failed) return;
    this.bad -= 1;
    const [first] = this.types;
    if (first && (first[1] -= 1) === 0) this.types.shift();
  }
}
