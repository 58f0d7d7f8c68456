import type { Context, Instant } from '../connectors/connector.js';
import type { RecordError } from '../errors/record-error.js';

/** A record that could not be carried: it failed, or waits for a parent that did. */
export interface RecordFailure {
  kind: 'errored' | 'held';
  id: string;
  version?: string;
  stamp: Instant;
  error: RecordError;
  /** The record it is held on. */
  parent?: { entityType: string; id: string };
}

/** What becomes of a page's failures: `recorded` lets the bookmark move past them, `stop` keeps it before the first. */
export type HandleFailures = (failures: RecordFailure[], c: Context) => Promise<'recorded' | 'stop'>;

/** Nothing records failures: an entity type stops before its first one, so that nothing is lost. */
export const stopAtFailures: HandleFailures = async () => 'stop';
