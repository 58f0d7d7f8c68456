import type { Failing } from '../model/failing.js';
import type { RecordErrored, RecordFailure } from './failures.js';
import type { Stop } from '../model/stop.js';

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

/** How many failures there are of each error type, and what to do about those. */
export interface Counted {
  types: Iterable<readonly [errorType: string, count: number]>;
  remedyOf(errorType: string): string | undefined;
}

/** Of the latest records, as far as they are known. */
export function countedOf({ types = [] }: Failing): Counted {
  const remedies = new Map(types.map(([errorType, _count, remedy]) => [errorType, remedy]));
  return { types: types.map(([errorType, count]) => [errorType, count]), remedyOf: (errorType) => remedies.get(errorType) };
}

/** Names the commonest error type and its remedy; `trial`: the record which, once it succeeds, has the type go on. */
export function manyErrors(
  { types, remedyOf }: Counted,
  before: RecordFailure,
  { why, goOn, trial, open }: { why: string; goOn: string; trial?: string; open?: number },
): Stop {
  const counts = new Map<string, number>();
  let all = 0;
  for (const [name, count] of types) {
    counts.set(name, (counts.get(name) ?? 0) + count);
    all += count;
  }
  const [name, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? ['none', 0];
  return {
    code: 'TooManyErrors',
    message: `It stopped before ${before.entityType} ${before.id}, since ${why}: most of these with ${name} (${count} of ${all}).`,
    remedy: `${remedyOf(name) ?? SEE_ONE} ${goOn}`,
    needs: 'person',
    ...(trial !== undefined ? { record: trial } : {}),
    ...(open !== undefined ? { open } : {}),
  };
}

const SEE_ONE = 'See what is wrong with one of them by running it again (npx sangam errors show).';
