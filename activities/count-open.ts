import type { ListedRow } from '../src/temporal/rows/list-rows.js';
import type { OpenCounts } from '../workflows/state.js';
import { getOwn, setOwn } from '../src/model/keyed.js';

/** Open rows by entity type and error type; ignored ones apart. */
export function countOpen(rows: ListedRow[]): OpenCounts {
  const counts: OpenCounts = {};
  for (const { entityType, errorType, state, waiting } of rows) {
    const count = getOwn(counts, entityType) ?? setOwn(counts, entityType, { errored: {}, ignored: 0, waiting: 0 });
    if (state === 'ignored') count.ignored += 1;
    else setOwn(count.errored, errorType, (getOwn(count.errored, errorType) ?? 0) + 1);
    count.waiting += waiting;
  }
  return counts;
}
