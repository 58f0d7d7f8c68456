import type { RecordErrored } from './failures.js';
import type { EntityTypeParts } from './parts.js';
import type { Rows } from './rows.js';
import type { Counted } from './stops.js';

type Known = Pick<Rows, 'find' | 'countFailing' | 'failingByType'>;

/** Those that would be one more open row: neither ignored, which are counted apart, nor failing already. */
export function newlyOpen(errored: RecordErrored[], rows: Known): RecordErrored[] {
  return errored.filter(({ entityType, id, error }) => error.then !== 'ignore' && rows.find(entityType, id)?.state !== 'failing');
}

/** By error type, what is open and what would be besides. */
export function countedOpen(rows: Known, more: RecordErrored[], { remedyOf }: EntityTypeParts): Counted {
  const remedies = new Map(more.map(({ error }) => [error.errorType, error.remedy]));
  return {
    types: [...rows.failingByType(), ...more.map(({ error }) => [error.errorType, 1] as const)],
    remedyOf: (errorType) => remedies.get(errorType) ?? remedyOf?.(errorType),
  };
}
