import type { RecordError } from '../errors/record-error.js';
import type { Fate } from './sheet.js';

export interface Errored {
  fate: 'errored';
  error: RecordError;
}

export interface Held {
  fate: 'held';
  /** The record whose row it waits on: the one that failed, however many held ones lie between. */
  on: { entityType: string; id: string };
}

/** What became of one record. */
export type Outcome = { fate: Exclude<Fate, 'errored' | 'held'>; unmapped?: string[] } | Errored | Held;

/** Thrown where a destination or this pipeline breaks its own promise: never a record's or a system's fault. */
export class Unbalanced extends Error {
  override readonly name = 'Unbalanced';
}
