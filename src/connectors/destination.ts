import type { RecordError } from '../errors/record-error.js';
import type { Json } from '../model/bookmark.js';
import type { Instant } from '../model/instant.js';
import type { Context, Origin, Key, SourceHealth } from './context.js';

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

/** Something of a destination that Sangam wrote. */
export interface Owned {
  /** Id of the record it was written for, in its source. */
  of: string;
  type: string;
  id: string;
  /** It looks as `mark` leaves what is no longer valid. */
  removed?: true;
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
   * An error: the system fails on that record, and nobody knows whether it is there.
   */
  find(refs: Ref[], c: Context): Promise<(Found[] | RecordError)[]>;
  /**
   * Records that Sangam need not have written, by a definition's `find:`. One list per question, in
   * order; in bulk where the system can. An error: the system fails on that question, and nobody
   * knows.
   */
  lookUp?(questions: LookUp[], c: Context): Promise<(Found[] | RecordError)[]>;
  /**
   * Records of an entity type that stand there, neither removed nor marked, about so many at a
   * time. `from`: the `next` of the page before. Only where the connector type `tellsStanding`.
   */
  standing?(entityType: string, from: Json | undefined, limit: number, c: Context): Promise<Standing>;
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
   * What is there that Sangam wrote for records of this entity type, its own, page after page, in
   * any order. Resources that many share are left out. Absent: the system does not tell from which
   * record something came.
   */
  listOwn?(entityType: string, c: Context): AsyncIterable<Owned[]>;
  /**
   * What the system says itself that it cannot do of what is needed here. Never throws for a sick
   * system.
   */
  check?(c: Context): Promise<SourceHealth>;
}

/** Ids of the source's records; `next`: where the rest of them begins. */
export interface Standing {
  ids: string[];
  next?: Json;
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
  /**
   * `parentGone`: what it would come to belong to is there and no longer valid, so that it is as if
   * that were missing.
   */
  | { kind: 'refused'; error: RecordError; parentGone?: true }
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
  /** Of what would be removed: it stands for the same as another, which stays. */
  double?: true;
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
  /** What `lookAhead` gave for these, or for more. */
  ahead?: LookedAhead;
}

export interface UnavailableCause {
  code: string;
  message: string;
  remedy: string;
  status?: number;
}
