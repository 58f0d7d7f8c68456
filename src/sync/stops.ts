import type { RecordErrored, RecordFailure } from './failures.js';
import type { Stop } from './results.js';

/** The stop that an error type asks for. `before`: the record it stops before, where that is another than the one that failed. */
export function stopBefore({ entityType, id, error }: RecordErrored, before: RecordFailure | undefined): Stop {
  return {
    code: error.errorType,
    message: `${entityType} ${id}: ${error.message}`,
    remedy: error.remedy,
    needs: 'person',
    ...(before ? { record: before.id } : {}),
  };
}

/** Names the commonest error type and its remedy; `trial`: the record which, once it succeeds, has the type go on. */
export function manyErrors(
  errored: RecordErrored[],
  before: RecordFailure,
  { why, goOn, trial }: { why: string; goOn: string; trial?: string },
): Stop {
  const counts = new Map<string, { count: number; remedy: string }>();
  for (const { error } of errored) {
    const known = counts.get(error.errorType);
    counts.set(error.errorType, { count: (known?.count ?? 0) + 1, remedy: error.remedy });
  }
  const [name, { count, remedy }] = [...counts].sort((a, b) => b[1].count - a[1].count)[0] ?? ['none', { count: 0, remedy: '' }];
  return {
    code: 'TooManyErrors',
    message: `It stopped before ${before.entityType} ${before.id}, since ${why}: most of these with ${name} (${count} of ${errored.length}).`,
    remedy: `${remedy} ${goOn}`,
    needs: 'person',
    ...(trial !== undefined ? { record: trial } : {}),
  };
}
