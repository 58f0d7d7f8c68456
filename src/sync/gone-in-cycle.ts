import { LRUCache } from 'lru-cache';
import type { Instant } from '../model/instant.js';
import { keyOf, type RecordRef } from '../model/record-key.js';
import type { Absence } from './absence.js';

/** Records of which it is remembered that they do not come. */
const MAX_RECORDS = 20_000;

/**
 * Records that a worker saw in the cycle under way and that do not come to the destination:
 * filtered by rule, voided, of another type. They need not be read again for the sake of those that
 * depend on them. One that changes since comes in the next cycle, and brings its children.
 */
export class GoneInCycle {
  private until: Instant | undefined;
  /** Made when it is needed: it takes its room at once, and most processes have nothing in it. */
  private records: LRUCache<string, Absence> | undefined;

  /** `until`: the horizon of the cycle. Forgets what was seen in another one. */
  in(until: Instant): this {
    if (until !== this.until) this.records = undefined;
    this.until = until;
    return this;
  }

  why(record: RecordRef): Absence | undefined {
    return this.records?.get(keyOf(record));
  }

  /** `why` undefined: it comes, or may. */
  note(record: RecordRef, why: Absence | undefined): void {
    if (why) (this.records ??= new LRUCache({ max: MAX_RECORDS })).set(keyOf(record), why);
    else this.records?.delete(keyOf(record));
  }
}
