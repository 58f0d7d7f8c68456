import type { Context } from '../connectors/connector.js';
import type { Instant } from '../model/instant.js';
import type { RecordRef } from '../model/record-key.js';
import type { WaitingChild } from '../model/waiting-child.js';
import type { RecordErrored, RecordFailure } from './failures.js';

/** What is known of an open errored record. */
export interface OpenRow {
  version: string;
  stamp: Instant;
  /** `releasing`: it is in step itself, and children still wait on it. */
  state: 'failing' | 'ignored' | 'releasing';
  /** How many children wait on it. */
  waiting: number;
  /** It has not failed: its parent is not there yet. */
  awaits?: true;
}

/**
 * One state of one record that is in step in the destination now: written, found unchanged,
 * removed, or filtered by rule.
 */
export interface InStep extends RecordRef {
  version: string;
  stamp: Instant;
  /** Children that were made to wait on it, and were processed since. */
  released?: WaitingChild[];
}

/** The durable rows of a process: one for each record that failed, with the children held on it. */
export interface Rows {
  /**
   * What was open when this execution began, and what it recorded since. A hint: a row may be
   * missing here, or be closed by now.
   */
  find(entityType: string, id: string): OpenRow | undefined;
  /**
   * Open rows of the process whose record fails, as far as known: none that a person ignores, or on
   * which children merely wait.
   */
  countFailing(): number;
  /** The same, by error type. */
  failingByType(): ReadonlyMap<string, number>;
  /**
   * Makes failures and held children durable, each as often as it is told; resolves once all are.
   * @throws Error where Temporal does not take them.
   */
  record(failures: RecordFailure[], c: Context): Promise<void>;
  /** Tells rows that this state is in step; those that `find` does not know are passed over. */
  inStep(records: InStep[], c: Context): Promise<void>;
}

/** What trying errored records again needs of the rows beside. */
export interface RetriedRows extends Rows {
  /**
   * A record that was tried again failed again: one more attempt, or none where it merely waits for
   * its parent.
   */
  failedAgain(failure: RecordErrored): Promise<void>;
  /** The children that wait on a record; `all` where they are more than are listed. */
  waitingOn(entityType: string, id: string): Promise<WaitingChild[] | 'all'>;
  /**
   * Its record is in step, or gone, and these children, as they were listed, were processed since.
   */
  settled(record: RecordRef, how: { synced: InStep } | { gone: true }, released?: WaitingChild[] | 'all'): Promise<void>;
}

/**
 * Whether a record is to be left alone: its row is open in the very state it has now, so trying it
 * again is the error process' business.
 */
export function isLeftAlone(row: OpenRow | undefined, version: string): boolean {
  return row !== undefined && row.state !== 'releasing' && row.version === version;
}

/** How often each name comes. */
export function countByName(names: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
