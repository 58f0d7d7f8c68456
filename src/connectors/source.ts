import type { RecordError } from '../errors/record-error.js';
import type { Bookmark, Json } from '../model/bookmark.js';
import type { Instant } from '../model/instant.js';
import type { Context, Origin, SourceHealth } from './context.js';
import type { Standing } from './destination.js';

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
  /**
   * Whether between the two it is time to look for records that are gone without a word: then
   * `changes` gives them too, as voided ones, behind all others. Absent: it never does.
   */
  looksForGone?(after: Bookmark, until: Instant): boolean;
  /** Absent from the result: it no longer exists. */
  fetch(ids: string[], c: Context): Promise<Map<string, SourceRecord | Unreadable>>;
  /**
   * Records of this type that belong to a parent, voided ones too, in any order; only where the
   * connector type `listsChildren` of it.
   */
  childrenOf?(parent: { entityType: string; id: string }, c: Context): AsyncIterable<SourceRecord | Unreadable>;
  /** The place that a record belongs to, as people call it; undefined where it names none. Pure. */
  placeOf?(record: SourceRecord): string | undefined;
  /** A record as the system gives it, whoever gives it here: one of a file, to be tried. */
  read?(given: unknown): SourceRecord | Unreadable;
  /**
   * From which records of another system Sangam wrote each of these, as their own marks say: one,
   * or several where a server keeps marks of before. By reference, as records of this source point
   * to it (`Patient/…`). Absent from the result: it carries no origin, or is not there. An error:
   * it cannot be read, so that nobody knows.
   */
  originsOf?(references: string[], c: Context): Promise<Map<string, Origin[] | RecordError>>;
  /**
   * Whether the system knows this type, and lets it be read, and whether it knows the concepts that
   * expressions read by these names, `Group » Concept` for one of a group. Never throws for a sick
   * system: says so in `problems`.
   */
  check?(c: Context, concepts: readonly string[]): Promise<SourceHealth>;
}

export interface SourceOptions {
  /** What stands in the destination of this source's records; absent: that does not tell. */
  standing?(from: Json | undefined, limit: number, c: Context): Promise<Standing>;
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
