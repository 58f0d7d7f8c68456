import type { Context, Instant } from '../connector.js';
import type { BrokenSpots } from './broken-spots.js';
import { moved, type AvniLister } from './lister.js';
import { PageBroken } from './page-broken.js';

/**
 * How far to read at once where a record breaks the pages it is on: halves the time between what is
 * read and what is known to break, until only that record's stamp is left. The older form of the
 * API names the stamps of a page that breaks, so that time is cut at these; without it, by the
 * millisecond.
 */
export class Narrowing {
  /** The nearest place up to which the list is known to break. */
  private broken: Instant | undefined;
  /** Stamps of rows of a page that broke, in order: a hint of where to cut, no more. */
  private stamps: Instant[] = [];
  /** The older form of the API did not name them. */
  private blind = false;

  constructor(
    private readonly lister: AvniLister,
    private readonly until: Instant,
    private readonly size: number,
    private readonly spots: BrokenSpots,
  ) {}

  /** Whether a page is read that is part of one which broke. */
  get suspects(): boolean {
    return this.broken !== undefined;
  }

  /** How far to read from a place before the end of the window. */
  bound(at: Instant): Instant {
    if (this.broken !== undefined && this.broken <= at) this.broken = undefined;
    const spot = this.spots.next(at, this.broken ?? this.until);
    if (spot !== undefined) return isNext(at, spot) ? spot : moved(spot, -1);
    return this.broken === undefined ? this.until : this.cut(at, this.broken);
  }

  /** Whether nothing but a stamp that broke before lies between. */
  isSpot(at: Instant, bound: Instant): boolean {
    return isNext(at, bound) && this.spots.next(at, bound) === bound;
  }

  /**
   * A page broke that was to reach from a place to a bound. @returns whether one stamp alone is
   * left between
   */
  async broke(at: Instant, bound: Instant, c: Context): Promise<boolean> {
    this.broken = bound;
    if (isNext(at, bound)) return true;
    if (!this.blind && !this.stamps.some((stamp) => stamp > at && stamp <= bound)) {
      this.stamps = await this.named(at, bound, c);
      this.blind = this.stamps.length === 0;
    }
    return false;
  }

  /** The group of a stamp was read by itself; `breaks`: and some of it cannot be. */
  read(stamp: Instant, breaks: boolean): void {
    if (breaks) this.spots.add(stamp);
    else this.spots.delete(stamp);
    this.broken = undefined;
    this.blind = false;
  }

  private cut(at: Instant, broken: Instant): Instant {
    const places = this.stamps.flatMap((stamp) => [moved(stamp, -1), stamp]).filter((place) => place > at && place < broken);
    return places[places.length >> 1] ?? new Date(Math.ceil((Date.parse(at) + Date.parse(broken)) / 2)).toISOString();
  }

  private async named(at: Instant, bound: Instant, c: Context): Promise<Instant[]> {
    try {
      const { rows } = await this.lister.older({ after: at, until: bound }, 0, this.size, c, { suspected: true });
      return rows.flatMap(({ stamp }) => (stamp !== undefined && stamp > at && stamp <= bound ? [stamp] : []));
    } catch (error) {
      if (error instanceof PageBroken) return [];
      throw error;
    }
  }
}

function isNext(at: Instant, stamp: Instant): boolean {
  return Date.parse(stamp) - Date.parse(at) <= 1;
}
