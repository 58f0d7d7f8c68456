import type { Bookmark } from '../model/bookmark.js';
import type { z } from 'zod';
import type { ClockDoubt } from '../model/clock-doubts.js';
import type { ErrorType } from '../errors/error-type.js';
import type { Instant } from '../model/instant.js';
import type { Context, Health } from './context.js';
import type { ChangeSource, SourceOptions } from './source.js';
import type { DestinationOptions, Destination } from './destination.js';
import type { SetUpFiles } from './names-set-up.js';
import type { Written, WrittenProblem } from './written.js';

export type { Bookmark, Instant };
export type * from './context.js';
export type * from './source.js';
export type * from './destination.js';

/** How far a cycle may read, and why that bound is not sure. */
export interface Horizon {
  /** Behind the earlier of the system's clock and the worker's own, by the margin. */
  until: Instant;
  /** The clocks differ too much, or the system's is not known. */
  unsure?: ClockDoubt;
}

/**
 * One system, reached. Made once per definition; keeps tokens and capabilities, but no state of a
 * process.
 */
export interface Connector {
  /**
   * Reachable, authorised, a clock that can be believed. Never throws for a sick system: says so in
   * `problems`.
   */
  check(c: Context): Promise<Health>;
  /**
   * The bound up to which a cycle may read, by the system's own clock (its Date header) and the
   * worker's. @throws SystemFailure
   */
  horizon(c: Context): Promise<Horizon>;
  /** `settings`: what the type's `sourceSettings` parsed. */
  source?(settings: unknown, options?: SourceOptions): ChangeSource;
  /** `settings`: what the type's `destinationSettings` parsed; `options`: what the engine adds. */
  destination?(settings: unknown, options: DestinationOptions): Destination;
}

/** A kind of system, as a definition names it in `connector:`. */
export interface ConnectorType {
  name: string;
  /**
   * Settings of a system but `connector`, `tenant` and `link`; strings may hold `${VARIABLES}` when
   * a definition is checked, not when it is run.
   */
  systemSettings: z.ZodType;
  /** `from:` but `system`. */
  sourceSettings?: z.ZodType;
  /** `to:` but `system`. */
  destinationSettings?: z.ZodType;
  /**
   * Members of its records that hold values by the names of their concepts: those that no
   * expression reads are told of. Absent: none.
   */
  conceptsIn?: readonly string[];
  /** Its sources have `originsOf`: a definition is checked without being connected. */
  tellsOrigins?: true;
  /**
   * Its destinations find all that was written for a record, and take shared resources: without it
   * a mapping has neither `each` nor `shared`.
   */
  takesSeveral?: true;
  /**
   * Its destinations know a record that has no value for its key by a derived id, and still when it
   * has one: without it `whenKeyMissing` is not `derive`.
   */
  derivesWithoutKey?: true;
  /** `find:` of a parent, but `value` and `of`. Absent: its destinations look nothing up. */
  lookUpSettings?: z.ZodType;
  /**
   * Whether its source lists the children of a record, for these settings of `from:`: parents that
   * arrive late, or go, need it. Absent: it lists none.
   */
  listsChildren?(parent: unknown, child: unknown): boolean;
  /**
   * Whether its source, for these settings of `from:`, looks for what is gone by what stands in the
   * destination. Absent: it does not.
   */
  looksForGone?(settings: unknown): boolean;
  /** Whether its destinations tell what stands there (`standing`), for these settings of `to:`. */
  tellsStanding?(settings: unknown): boolean;
  /** Who downloads each record that is written there, in the plural; absent: nobody. */
  downloadedBy?: string;
  /** How what is set up in it is saved and read again. Absent: nothing of it is. */
  setUp?: SetUpFiles;
  /** Error types it knows, after the definition's own. */
  errorTypes: readonly ErrorType[];
  /**
   * What a source reads, with its discriminator, e.g. `subject/Beneficiary`: two that are equal, or
   * that overlap, name the same records.
   */
  reads?(settings: unknown): RecordClass;
  /**
   * What a destination writes, e.g. FHIR `Encounter`, with category, code or tag where the settings
   * tell.
   */
  writes?(settings: unknown): RecordClass[];
  /**
   * More that is wrong with a destination's settings for these resource names, of which some have a
   * business key, e.g. a key that its types cannot have.
   */
  checkDestination?(settings: unknown, resourceNames: string[], keyed: string[]): { path: (string | number)[]; message: string }[];
  /** What is wrong with the written-out parts of a mapping, for any record. */
  checkWritten?(settings: unknown, written: Written): WrittenProblem[];
  /**
   * Types a destination with these settings writes that it cannot mark as no longer valid, with the
   * mark it would put on them and why that is wrong.
   */
  unmarkable?(settings: unknown): { type: string; mark: string; why: string }[];
  /** `url` with its variables expanded, for the fingerprint of a system. */
  connect(name: string, settings: unknown, options: ConnectOptions): Connector;
}

/**
 * A type and what tells its records from others of that type; without a discriminator it is every
 * record of the type.
 */
export interface RecordClass {
  type: string;
  discriminator?: string;
  /**
   * What the discriminator is, e.g. `category`: two records classes that are told apart by
   * different things may have records in common.
   */
  by?: string;
  /**
   * The fields of such a record that are owned, where they are not all of them: others may own the
   * rest.
   */
  fields?: string[];
  /** Those of `fields` that stand beside the members which hold concepts. */
  plain?: string[];
  /**
   * Of what is written: nothing in such a record says which record it came from, so that two that
   * bring one key are not told apart for sure.
   */
  unmarked?: true;
}

export interface ConnectOptions {
  /** Milliseconds: how far behind the source's clock a horizon lies. */
  margin: number;
  /** Milliseconds by which its clock and the worker's may differ; 5,000 where absent. */
  clockBound?: number;
}
