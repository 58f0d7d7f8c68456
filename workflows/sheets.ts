import type { Findings, Sheet } from '../src/sync/results.js';
import { getOwn, setOwn } from '../src/model/keyed.js';

export const noSheet: Sheet = {
  read: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  removed: 0,
  filtered: 0,
  errored: 0,
  held: 0,
  adopted: 0,
  brought: 0,
};

/** The sum of two sheets of the same kind. */
export function addSheets<T extends Record<keyof T, number>>(a: T, b: T): T {
  const sum: Record<keyof T, number> = { ...a };
  for (const key of Object.keys(a) as (keyof T)[]) setOwn(sum, key, (getOwn(a, key) ?? 0) + (getOwn(b, key) ?? 0));
  return sum as T;
}

/** Most concepts that are kept: a state stays small. */
const MOST_FINDINGS = 50;

export function addFindings(a: Findings, b: Findings): Findings {
  const sum: Findings = { ...a };
  for (const [concept, finding] of Object.entries(b)) {
    const known = getOwn(sum, concept);
    if (known) setOwn(sum, concept, { count: known.count + finding.count, first: known.first });
    else if (Object.keys(sum).length < MOST_FINDINGS) setOwn(sum, concept, finding);
  }
  return sum;
}
