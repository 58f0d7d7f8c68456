import type { Findings } from './results.js';

const MAX_CONCEPTS = 200;
/** Characters of an id that are kept: it is shown, never looked up. */
const MAX_SHOWN_ID = 200;

/** Findings with the unread concepts of more records, keeping the first record seen of each. A concept may have any name, also `__proto__` or `constructor`. */
export function withFindings(findings: Findings, records: Iterable<{ id: string; unmapped?: string[] }>): Findings {
  const known = new Map(Object.entries(findings));
  for (const { id, unmapped = [] } of records)
    for (const concept of unmapped) {
      const finding = known.get(concept);
      if (finding || known.size < MAX_CONCEPTS)
        known.set(concept, { count: (finding?.count ?? 0) + 1, first: finding?.first ?? id.slice(0, MAX_SHOWN_ID) });
    }
  return Object.fromEntries(known);
}
