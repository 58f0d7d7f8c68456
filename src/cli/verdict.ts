import { erroredIn } from '../../workflows/errored-in.js';
import type { LiveStatus, NoStatus } from '../temporal/read-status.js';

/** The exit status of what is asked about processes: all is in step, or being synced. */
export const WELL = 0;
/** Something needs a person. */
export const PERSON = 1;
/** It cannot be told. */
export const UNKNOWN = 2;
/** A system is waited for. */
const SYSTEM = 3;

export type Verdict = typeof WELL | typeof PERSON | typeof UNKNOWN | typeof SYSTEM;

/** The worse come first. */
const WORST_FIRST: Verdict[] = [UNKNOWN, PERSON, SYSTEM, WELL];

/** How a process stands. */
export function verdictOf(status: LiveStatus | NoStatus): Verdict {
  if ('noStatus' in status) return status.ended ? PERSON : UNKNOWN;
  const { state, failure, unsure, open, errors } = status;
  const person = state === 'stopped' || unsure !== undefined || failure?.needs === 'person' || errors.leftOver !== undefined;
  if (person || erroredIn(open) > 0) return PERSON;
  return failure?.needs === 'system' || state === 'waiting' ? SYSTEM : WELL;
}

/** That of all together; of none it cannot be told. */
export function worstOf(verdicts: Verdict[]): Verdict {
  return WORST_FIRST.find((each) => verdicts.includes(each)) ?? UNKNOWN;
}

/** Those first that need somebody most. */
export function worstFirst<T extends LiveStatus | NoStatus>(statuses: T[]): T[] {
  const place = (status: T): number => WORST_FIRST.indexOf(verdictOf(status));
  return [...statuses].sort((a, b) => place(a) - place(b) || (a.process < b.process ? -1 : 1));
}
