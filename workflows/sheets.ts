import type { Findings, Sheet } from '../src/sync/results.js';

export const noSheet: Sheet = { read: 0, created: 0, updated: 0, unchanged: 0, removed: 0, filtered: 0, errored: 0, held: 0, brought: 0 };

export function addSheets(a: Sheet, b: Sheet): Sheet {
  return {
    read: a.read + b.read,
    created: a.created + b.created,
    updated: a.updated + b.updated,
    unchanged: a.unchanged + b.unchanged,
    removed: a.removed + b.removed,
    filtered: a.filtered + b.filtered,
    errored: a.errored + b.errored,
    held: a.held + b.held,
    brought: a.brought + b.brought,
  };
}

/** Most concepts that are kept: a state stays small. */
const MOST_FINDINGS = 50;

export function addFindings(a: Findings, b: Findings): Findings {
  const sum: Findings = { ...a };
  for (const [concept, finding] of Object.entries(b)) {
    const known = sum[concept];
    if (known) sum[concept] = { count: known.count + finding.count, first: known.first };
    else if (Object.keys(sum).length < MOST_FINDINGS) sum[concept] = finding;
  }
  return sum;
}
