import type { Instant } from '../connector.js';

/** More than any list breaks at; those found first are forgotten first. */
const MOST = 1_000;

/**
 * Stamps at which a list was found to break, so that the next pass over the same time does not
 * search for them again.
 */
export class BrokenSpots {
  private readonly stamps = new Set<Instant>();

  /** The earliest one with after < stamp ≤ until. */
  next(after: Instant, until: Instant): Instant | undefined {
    let next: Instant | undefined;
    for (const stamp of this.stamps) if (stamp > after && stamp <= until && (next === undefined || stamp < next)) next = stamp;
    return next;
  }

  add(stamp: Instant): void {
    this.stamps.add(stamp);
    const [oldest] = this.stamps;
    if (this.stamps.size > MOST && oldest !== undefined) this.stamps.delete(oldest);
  }

  delete(stamp: Instant): void {
    this.stamps.delete(stamp);
  }
}
