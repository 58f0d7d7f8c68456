import type { ClassifiedError } from '../../model/classified-error.js';
import type { PlannedFailure } from '../plan-types.js';

/** Reasons that are kept; records of others only count as failing. */
const MAX_REASONS = 50;

/** Why records fail: each reason once, with the first record of it. */
export class Reasons {
  private readonly known = new Map<string, PlannedFailure>();

  add(id: string, error: ClassifiedError): void {
    const { errorType, path = '', expression = '' } = error;
    const reason = `${errorType}\0${path}\0${expression}`;
    const known = this.known.get(reason);
    if (known) known.count += 1;
    else if (this.known.size < MAX_REASONS) this.known.set(reason, { count: 1, id, error });
  }

  /** The most frequent first. */
  get failures(): PlannedFailure[] {
    return [...this.known.values()].sort((a, b) => b.count - a.count);
  }
}
