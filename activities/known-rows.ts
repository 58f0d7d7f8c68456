import type { Instant } from '../src/connectors/connector.js';
import { PARENT_AWAITED } from '../src/sync/parts.js';
import type { OpenRecord } from '../src/temporal/rows/temporal-rows.js';
import type { KnownRows, OpenCounts } from '../src/model/known-rows.js';

/**
 * Names counted apart: anyone may start what looks like a row, under any name, and these counts
 * stand in a state.
 */
const MAX_NAMES = 100;
const OTHERS = 'others';

type Count = OpenCounts[string];

/** What a process keeps of its open rows. `digest`: of the definition in force. */
export function knownRows(rows: OpenRecord[], digest: string, now: Instant): KnownRows {
  let dueAtOnce = 0;
  let nextRetryAt: Instant | undefined;
  for (const row of rows) {
    if (row.state === 'ignored') continue;
    if (isDueAtOnce(row, digest, now)) dueAtOnce += 1;
    else if (row.retryAt !== undefined && (nextRetryAt === undefined || row.retryAt < nextRetryAt)) nextRetryAt = row.retryAt;
  }
  return { open: countOpen(rows), dueAtOnce, ...(nextRetryAt !== undefined ? { nextRetryAt } : {}) };
}

/**
 * Whether a row is due whatever the cadence: children wait on what is in step, or its error was
 * decided by a definition that has changed since.
 */
function isDueAtOnce({ state, retryAt, mapping, digest: under }: OpenRecord, digest: string, now: Instant): boolean {
  if (state === 'releasing') return retryAt !== undefined && retryAt <= now;
  return mapping && under !== digest;
}

/**
 * Whether a row is due: its time has come, or its error was decided by a definition that has
 * changed since.
 */
export function isDue(row: OpenRecord, digest: string, now: Instant): boolean {
  if (row.state === 'ignored') return false;
  return (row.retryAt !== undefined && row.retryAt <= now) || (row.mapping && row.digest !== digest);
}

/** Whether a row waits for a parent that the other side has not got yet. */
export function awaits({ errorType }: Pick<OpenRecord, 'errorType'>): boolean {
  return errorType === PARENT_AWAITED;
}

/** Open rows by entity type and error type; ignored ones apart. */
function countOpen(rows: OpenRecord[]): OpenCounts {
  const counts = new Map<string, Omit<Count, 'errored'> & { errored: Map<string, number> }>();
  for (const { entityType, errorType, state, waiting } of rows) {
    const name = nameIn(counts, entityType);
    const count = counts.get(name) ?? { errored: new Map<string, number>(), ignored: 0, waiting: 0 };
    counts.set(name, count);
    if (state === 'ignored') count.ignored += 1;
    else if (awaits({ errorType })) count.waiting += 1;
    else {
      const type = nameIn(count.errored, errorType);
      count.errored.set(type, (count.errored.get(type) ?? 0) + 1);
    }
    count.waiting += waiting;
  }
  return Object.fromEntries([...counts].map(([name, count]) => [name, { ...count, errored: Object.fromEntries(count.errored) }]));
}

function nameIn(known: ReadonlyMap<string, unknown>, name: string): string {
  return known.has(name) || known.size < MAX_NAMES ? name : OTHERS;
}
