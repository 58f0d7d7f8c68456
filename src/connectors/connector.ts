import type { z } from 'zod';
import type { ClockDoubt } from '../model/clock-doubts.js';
import type { ErrorType } from '../errors/error-type.js';
import type { RecordError } from '../errors/record-error.js';
import type { Http } from '../http/http.js';
import type { Logger } from '../log.js';
import type { Bookmark } from '../model/bookmark.js';
import type { Instant } from '../model/instant.js';

/**
 * What every call of a connector is given. `signal` aborts reads at once; writes in flight are
 * waited for.
 */
export interface Context {
  signal: AbortSignal;
  http: Http;
  log: Logger;
}

export type { Bookmark, Instant };

/** Which record of which entity type something came from. */
export interface Origin {
  integration: string;
  process: string;
  entityType: string;
  id: string;
}

/** A business key, e.g. a FHIR identifier. */
export interface Key {
  system?: string;
  value: string;
}

/** One record of a source, of one shape whichever endpoint it came from. */
export interface SourceRecord {
  id: string;
  version: string;
  modified: Instant;
  /** When it came to be in the source, where the source tells. */
  created?: Instant;
  voided: boolean;
  body: unknown;
}

/** A record that its source cannot give. Known as `@<stamp>#<slot>` where it has no id. */
export interface Unreadable {
  id?: string;
  stamp: Instant;
  slot: number;
  error: RecordError;
}

export interface Page {
  records: (SourceRecord | Unreadable)[];
  /** Safe to resume from once every record of this page is dealt with. */
  bookmark: Bookmark;
}

/** What `check` found. `problems` are in words for a person; empty when `ok`. */
export interface Health {
  ok: boolean;
  problems: { code: string; message: string; remedy: string }[];
}

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

/**
 * Every method throws `SystemFailure` when the system as such fails, and `Cancelled` when the
 * signal aborted.
 */
export interface ChangeSource {
  /** Whether `changes` would give any record. */
  hasChanges(after: Bookmark | null, until: Instant, c: Context): Promise<boolean>;
  /**
   * Records with after < stamp ≤ until, oldest first, whatever the endpoint's bounds. Each page's
   * bookmark is safe to resume from once the page is done; the last page's is `{v: 1, at: until}`,
   * so there is always at least one page, possibly empty.
   */
  changes(after: Bookmark | null, until: Instant, limit: number, c: Context): AsyncIterable<Page>;
  /** Absent from the result: it no longer exists. */
  fetch(ids: string[], c: Context): Promise<Map<string, SourceRecord | Unreadable>>;
  /**
   * Records of this type that belong to a parent, voided ones too, in any order; only where the
   * connector type `listsChildren` of it.
   */
  childrenOf?(parent: { entityType: string; id: string }, c: Context): AsyncIterable<SourceRecord | Unreadable>;
  /** A record as the system gives it, whoever gives it here: one of a file, to be tried. */
  read?(given: unknown): SourceRecord | Unreadable;
  /**
   * From which record of another system Sangam wrote each of these, as their own mark says. By
   * reference, as records of this source point to it (`Patient/…`). Absent from the result: it
   * carries no origin, or is not there.
   */
  originsOf?(references: string[], c: Context): Promise<Map<string, Origin>>;
  /**
   * Whether the system knows this type, and lets it be read, and whether it knows the concepts that
   * expressions read by these names, `Group » Concept` for one of a group. Never throws for a sick
   * system: says so in `problems`.
   */
  check?(c: Context, concepts: readonly string[]): Promise<SourceHealth>;
}

/** What a source's `check` found, in words for a person. A warning may be right as it is. */
export interface SourceHealth {
  problems: Health['problems'];
  warnings: Health['problems'];
}

export interface SourceOptions {
  /**
   * What a source that finds this integration's own mark on a record does not give: it would go
   * back to where it came from.
   */
  integration?: string;
  /**
   * Entity types of this process that are read from this system, by name → their parsed `from:`
   * settings: what `childrenOf` needs to know of a parent.
   */
  entityTypes: Record<string, unknown>;
}

/**
 * What is looked for in a destination: by the record it came from (and resource name, default
 * `main`), or by a business key.
 */
export type Ref = { origin: { entityType: string; id: string }; name?: string } | { type: string; key: Key };

/** A record that is looked for in a destination by what a definition says of it. */
export interface LookUp {
  /** What the connector type's `lookUpSettings` parsed of `find:` without `value` and `of`. */
  settings: unknown;
  value?: string;
  /** Id of the record within which it is looked for, e.g. the subject of an enrolment. */
  of?: string;
}

export interface Found {
  type: string;
  id: string;
  version?: string;
  body?: unknown;
  /** It is there, and looks as `mark` leaves what is no longer valid. */
  removed?: boolean;
}

export interface DestinationOptions {
  integration: string;
  process: string;
  /**
   * Entity types of this process that write to this system, by name: what `find` needs to know of
   * the others.
   */
  entityTypes: Record<string, DestinationEntityType>;
}

export interface DestinationEntityType {
  /** Names under which its records were written before. */
  formerly: string[];
  /** The parsed `to:` settings of that entity type. */
  settings: unknown;
  /**
   * Names of its resources, in order, the first being the one `$parent` means: `main` where `map`
   * is one expression.
   */
  resourceNames: string[];
  /** Which of them are met by a business key, and so have an id that is not derived. */
  keyed: string[];
}

/**
 * Every method throws `SystemFailure` when the system as such fails before anything was done, and
 * `Cancelled` when the signal aborted.
 */
export interface Destination {
  /**
   * Brings what a mapping made of one resource into the form this system's schema asks for (lists
   * as lists, empties dropped) and checks it whole. Pure; never throws. `undefined` where nothing
   * is left of it: the resource is absent.
   */
  shape(name: string, mapped: unknown): { type: string; body: unknown } | { error: RecordError } | undefined;
  /** What `$parent` gives a mapping for something found here, e.g. `{reference: 'Patient/…'}`. */
  reference(found: Found): unknown;
  /**
   * What `$ref(name)` gives a mapping: a stand-in for another resource of the same record, which
   * `write` replaces by its reference.
   */
  placeholder(name: string): unknown;
  /**
   * One list per ref, in order; more than one found is possible, and is the caller's error to name.
   */
  find(refs: Ref[], c: Context): Promise<Found[][]>;
  /**
   * Records that Sangam need not have written, by a definition's `find:`. One list per question, in
   * order; in bulk where the system can.
   */
  lookUp?(questions: LookUp[], c: Context): Promise<Found[][]>;
  /**
   * Begins to look for what the destination has of these records, which are about to be given to
   * `write` together: it goes on while they are mapped. It never throws; what failed shows in
   * `write`.
   */
  lookAhead?(origins: Origin[], c: Context): LookedAhead;
  /**
   * One outcome per request, in order. A failure of one is its outcome; what was done before the
   * system failed is still reported. `arriving` is awaited before anything is sent, and its error
   * thrown. `ahead`: what `lookAhead` gave for these.
   */
  write(requests: WriteRequest[], c: Context, arriving?: Arriving, ahead?: LookedAhead): Promise<WriteOutcome[]>;
  /**
   * What `write` would come to, as far as looking, and the system's own validation where it has
   * one, tell; with nothing written: for running a record again.
   */
  plan?(requests: WriteRequest[], c: Context, options?: PlanOptions): Promise<PlannedOutcome[]>;
  /**
   * What the system says itself that it cannot do of what is needed here. Never throws for a sick
   * system.
   */
  check?(c: Context): Promise<SourceHealth>;
}

/** A look that is under way; what it finds is the destination's own. */
export interface LookedAhead {
  /** Resolves once nothing of it is in flight; never rejects. */
  ended: Promise<void>;
}

/**
 * Told which upserts write what is not there yet, or was marked as no longer valid: what must be
 * durable before that is made so here.
 */
export type Arriving = (requests: WriteRequest[]) => Promise<void>;

export interface WriteRequest {
  origin: Origin;
  version: string;
  action: 'upsert' | 'remove' | 'mark';
  /** As `shape` gave them. Empty for `remove` and `mark`. */
  resources: WriteResource[];
  /**
   * Whether a resource met by its key may be taken over though Sangam did not write it; such a one
   * is never removed, only marked.
   */
  adopt: boolean;
  /**
   * Where somebody else changed it in the destination since Sangam wrote it: written over and told
   * of, not written, or written over. Absent: told of where noticing costs nothing.
   */
  whenEdited?: 'report' | 'hold' | 'overwrite';
}

/**
 * A change in the destination by somebody else than Sangam, as far as the system tells by whom and
 * when.
 */
export interface Edit {
  by?: string;
  at?: Instant;
}

export interface WriteResource {
  name: string;
  type: string;
  key?: Key;
  /** It is written where its key is not there yet, and else left alone. */
  shared?: true;
  body: unknown;
}

export type WriteOutcome =
  /**
   * `revived`: it came to be there, or was there marked as no longer valid and is valid again.
   * `adopted`: something that Sangam did not write was taken over; of `updated` alone. `edited`:
   * somebody else had changed it; of `updated` and `unchanged`.
   */
  | { kind: 'created' | 'updated' | 'unchanged' | 'removed'; ids: Record<string, string>; revived?: true; adopted?: true; edited?: Edit }
  /** Nothing there to remove or mark: counts as filtered. */
  | { kind: 'absent' }
  | { kind: 'refused'; error: RecordError }
  /** The system did not take it, and nothing of it was written. `failure` says why, in words. */
  | { kind: 'unavailable'; retryAfter?: number; failure?: UnavailableCause }
  /** It may or may not have been written; for an upsert that means: again. */
  | { kind: 'unknown'; failure?: UnavailableCause };

/**
 * What a write would come to. `validated`: the system itself was asked whether it would take it.
 * `changes`: what it would do there, one thing after another.
 */
export type PlannedOutcome = WriteOutcome & { validated?: true; changes?: PlannedChange[] };

/** What a write would do to one thing of the destination. */
export interface PlannedChange {
  what: 'create' | 'update' | 'remove';
  type: string;
  id?: string;
  /** As it would be sent; absent where it would be removed. */
  body?: unknown;
  /** Of an update: in what that differs from what is stored. */
  elements: ElementChange[];
}

/** One element of what is stored that a write would change; it would take away what has no `to`. */
export interface ElementChange {
  path: string;
  from?: unknown;
  to?: unknown;
}

export interface PlanOptions {
  /** Of so many, at most, the system is asked whether it would take them. Absent: of all. */
  asks?: number;
}

export interface UnavailableCause {
  code: string;
  message: string;
  remedy: string;
  status?: number;
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
  /** Who downloads each record that is written there, in the plural; absent: nobody. */
  downloadedBy?: string;
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
}

export interface ConnectOptions {
  /** Milliseconds: how far behind the source's clock a horizon lies. */
  margin: number;
  /** Milliseconds by which its clock and the worker's may differ; 5,000 where absent. */
  clockBound?: number;
}
