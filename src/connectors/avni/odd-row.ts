import type { RecordError } from '../../errors/record-error.js';
import type { Instant, Unreadable } from '../connector.js';

/**
 * A row with a member that no Avni record has so: that record's error, known by what could be read.
 */
export interface OddRow {
  id?: string;
  /** Absent: where it belongs in its list is not known. */
  stamp?: Instant;
  /** The member that is odd. */
  odd: string;
}

/**
 * A row that is not of the form of an Avni record: its own error, whatever the others of its page
 * are like.
 */
export function oddRow({ id, stamp, odd }: OddRow & { stamp: Instant }, type: string, slot: number): Unreadable {
  return { ...(id !== undefined ? { id } : {}), stamp, slot, error: oddError(type, odd) };
}

/** What is odd of a record that is too large to be read. */
export const SIZE = 'its size';

/** `path`: the member that is odd; its value is never told. */
export function oddError(type: string, path: string): RecordError {
  return {
    code: 'Unreadable',
    message: `Avni gives a record of “${type}” in a form that its records do not have, at ${path}.`,
    remedy: 'Open the record in Avni and save it anew; if it stays so, report it with the version of the Avni server.',
    path,
  };
}
