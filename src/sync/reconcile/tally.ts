import { getOwn, setOwn } from '../../model/keyed.js';
import type { Standing } from './standing.js';

/** Months or places that are told apart; others count together. */
const MAX_NAMES = 400;
const OTHERS = '(others)';

/** What is counted of records: how they stand, or that they changed while they were looked at. */
export type Counted = Standing | 'changed';

/** How many records stand how; what is 0 is left out. */
export type Counts = Partial<Record<Counted, number>>;

/** Counts, under names that come out of data. */
export class Tally {
  private readonly byName = new Map<string, Counts>();

  add(name: string, counted: Counted): void {
    const known = this.byName.has(name) || this.byName.size < MAX_NAMES ? name : OTHERS;
    this.byName.set(known, plusOne(this.byName.get(known) ?? {}, counted));
  }

  /** By name. */
  get counts(): Record<string, Counts> {
    const all: Record<string, Counts> = {};
    for (const name of [...this.byName.keys()].sort()) setOwn(all, name, this.byName.get(name) ?? {});
    return all;
  }
}

/** One more of it. */
export function plusOne(counts: Counts, counted: Counted): Counts {
  counts[counted] = (getOwn(counts, counted) ?? 0) + 1;
  return counts;
}
