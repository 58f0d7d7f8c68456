import type { Bookmark } from '../connectors/connector.js';
import type { Failing } from '../errors/stop-rule.js';

/**
 * What became of the records read: read = created + updated + unchanged + removed + filtered + errored + held.
 * `adopted` counts those of `updated` that took over what was not written by Sangam; `brought`, apart, the parents that were brought over for children.
 */
export interface Sheet {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  removed: number;
  filtered: number;
  errored: number;
  held: number;
  adopted: number;
  brought: number;
}

/** Why an entity type stopped: plain data that may be stored and shown. */
export interface Stop {
  /** A `SystemFailureCode`, a `RecordError.code`, or `Unbalanced`, `DefinitionChanged`, `DefinitionInvalid`, `SystemsChanged`, `TooManyErrors`. */
  code: string;
  message: string;
  remedy: string;
  /** `system`: it goes on by itself once the system is well. `person`: someone must do something. */
  needs: 'system' | 'person';
  /** Someone must do something, and until then it is tried again by itself, ever less often: what they do may be done elsewhere. */
  byItself?: true;
  /** The definition's name of the system that failed. */
  system?: string;
  /** The record it stopped before. */
  record?: string;
  /** So many errored records would be open: it stopped since these are more than may be. */
  open?: number;
  /** Milliseconds the system asked to be left alone. */
  retryAfter?: number;
}

/** Concepts that records have and no expression reads: how many records, and the first one seen. */
export type Findings = Record<string, { count: number; first: string }>;

export interface Progress {
  bookmark: Bookmark | null;
  sheet: Sheet;
  findings: Findings;
  failing?: Failing;
}

export interface SyncResult extends Progress {
  /** Whether it got to the horizon. */
  done: boolean;
  stopped?: Stop;
  /** It ended early because it was told to. */
  cancelled?: true;
}
