import type { Stop } from '../model/stop.js';
import type { RecordErrored, RecordFailure } from './failures.js';

/** The stop that an error type asks for. `before`: the record it stops before. */
export function stopBefore({ entityType, id, error }: RecordErrored, before: RecordFailure): Stop {
  return {
    code: error.errorType,
    message: `${entityType} ${id}: ${error.message}`,
    remedy: error.remedy,
    needs: 'person',
    record: before.id,
  };
}

/** Failures that are more than may be. */
export interface TooMany {
  /** The first that may not be recorded. */
  before: RecordFailure;
  /** How many failures there are of each error type, with what to do about it. */
  counts: readonly (readonly [errorType: string, count: number, remedy: string | undefined])[];
  /**
   * Where too many rows would be open: how many, how many may be, and how many are. Absent: too
   * many failed in a row.
   */
  open?: { would: number; most: number; are: number };
}

interface Words {
  /** Where they fail in a row: who does. */
  who: string;
  /** How it goes on. */
  goOn: string;
  /** The record which, once it succeeds, has the type go on. */
  trial?: string;
}

/** Names the commonest error type and its remedy. */
export function tooManyErrors({ before, counts, open }: TooMany, { who, goOn, trial }: Words): Stop {
  const totals = new Map<string, { count: number; remedy: string | undefined }>();
  for (const [name, count, remedy] of counts) {
    const known = totals.get(name);
    totals.set(name, { count: (known?.count ?? 0) + count, remedy: known?.remedy || remedy });
  }
  const all = [...totals.values()].reduce((sum, { count }) => sum + count, 0);
  const [name, { count, remedy }] = [...totals].sort((a, b) => b[1].count - a[1].count)[0] ?? ['none', { count: 0, remedy: undefined }];
  const why = open ? `more than ${open.most} errored records would be open, after ${open.are}` : `so many records ${who}`;
  return {
    code: 'TooManyErrors',
    message: `It stopped before ${before.entityType} ${before.id}, since ${why}: most of these with ${name} (${count} of ${all}).`,
    remedy: `${remedy || SEE_ONE} ${goOn}`,
    needs: 'person',
    ...(trial !== undefined ? { record: trial } : {}),
    ...(open ? { open: open.would } : {}),
  };
}

const SEE_ONE = 'See what is wrong with one of them by running it again (npx sangam errors show).';
