import { withinBytes } from './within-bytes.js';

/** Concepts that records have and no expression reads: how many records, and the first one seen. */
export type Findings = Record<string, { count: number; first: string }>;

/** Concepts that are kept: a state stays small. */
const MAX_CONCEPTS = 50;
/** Bytes of all of them: a name may be long. */
const MAX_BYTES = 16_000;
/** Characters of an id that are kept: it is shown, never looked up. */
const MAX_SHOWN_ID = 200;

/**
 * Findings with the unread concepts of more records. A concept may have any name, also `__proto__`
 * or `constructor`.
 */
export function withFindings(findings: Findings, records: Iterable<{ id: string; unmapped?: string[] }>): Findings {
  const found = [...records].flatMap(({ id, unmapped = [] }) =>
    unmapped.map((concept) => [concept, { count: 1, first: id.slice(0, MAX_SHOWN_ID) }] as const),
  );
  return sumOf(findings, found);
}

/** Both together: the first record seen is that of `a`. */
export function addFindings(a: Findings, b: Findings): Findings {
  return sumOf(a, Object.entries(b));
}

function sumOf(findings: Findings, more: Iterable<readonly [string, Findings[string]]>): Findings {
  const sum = new Map(Object.entries(findings));
  for (const [concept, { count, first }] of more) {
    const known = sum.get(concept);
    if (known) sum.set(concept, { count: known.count + count, first: known.first });
    else if (sum.size < MAX_CONCEPTS) sum.set(concept, { count, first });
  }
  return withinBytes(Object.fromEntries(sum), MAX_BYTES);
}
