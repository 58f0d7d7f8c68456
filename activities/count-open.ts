import type { ListedRow } from '../src/temporal/rows/list-rows.js';
import type { OpenCounts } from '../workflows/state.js';

/** Names counted apart: anyone may start what looks like a row, under any name, and these counts stand in a state. */
const MAX_NAMES = 100;
const OTHERS = 'others';

type Count = OpenCounts[string];

/** Open rows by entity type and error type; ignored ones apart. */
export function countOpen(rows: ListedRow[]): OpenCounts {
  const counts = new Map<string, Omit<Count, 'errored'> & { errored: Map<string, number> }>();
  for (const { entityType, errorType, state, waiting } of rows) {
    const name = nameIn(counts, entityType);
    const count = counts.get(name) ?? { errored: new Map<string, number>(), ignored: 0, waiting: 0 };
    counts.set(name, count);
    const type = nameIn(count.errored, errorType);
    if (state === 'ignored') count.ignored += 1;
    else count.errored.set(type, (count.errored.get(type) ?? 0) + 1);
    count.waiting += waiting;
  }
  return Object.fromEntries([...counts].map(([name, count]) => [name, { ...count, errored: Object.fromEntries(count.errored) }]));
}

function nameIn(known: ReadonlyMap<string, unknown>, name: string): string {
  return known.has(name) || known.size < MAX_NAMES ? name : OTHERS;
}
