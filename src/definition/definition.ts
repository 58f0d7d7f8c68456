import type { Instant } from '../connectors/connector.js';
import type { ErrorType } from '../errors/error-type.js';

/**
 * A definition file, read, checked and normalised: variables expanded, durations in milliseconds,
 * entity types in order.
 */
export interface Definition {
  file: string;
  /** Files that it includes. */
  included?: string[];
  /** CSV files that its code tables stand in. */
  codeFiles?: string[];
  integration: string;
  systems: Record<string, SystemDefinition>;
  codes: Record<string, CodeTable>;
  /** In the file's order, which decides where several match. */
  errorTypes: ErrorType[];
  processes: Record<string, ProcessDefinition>;
}

export interface SystemDefinition {
  name: string;
  connector: string;
  tenant?: string;
  /** Where a person sees a record of this system: a URL with `{id}` and `{entityType}` in it. */
  link?: string;
  /**
   * What the connector type's `systemSettings` parsed, with variables expanded: may hold secrets,
   * never to be shown.
   */
  settings: unknown;
  /** Short hash of connector, expanded URL and tenant: bookmarks belong to it. Holds no secret. */
  fingerprint: string;
  /** Milliseconds a horizon lies behind this system's clock. Default 10,000. */
  margin: number;
  /** Milliseconds by which this system's clock and the worker's may differ. Default 5,000. */
  clockBound: number;
  /** Milliseconds re-read at the start of each cycle. Default 1,000. */
  overlap: number;
  /** Records a page. Default 200. */
  pageSize: number;
}

export interface ProcessDefinition {
  /** `<integration>/<process>`: also its workflow id. */
  id: string;
  name: string;
  /** Of this process' part of the file and its code tables, with `${VARIABLES}` unexpanded. Hex. */
  digest: string;
  /** In the order they are synced: one direction first, then the other; parents before children. */
  entityTypes: EntityTypeDefinition[];
  errors: ErrorsDefinition;
}

/** What `errors:` of a process says, defaults put in. */
export interface ErrorsDefinition {
  /** Of the error process. Default every 30 minutes. */
  cadence: Cadence;
  /** Tries by itself before it waits for a person. Default 20. */
  attempts: number;
  /** Milliseconds before the second try, doubling up to the longest. Default 1 minute and 1 day. */
  backOff: { first: number; longest: number };
  /** What becomes of a failure that no error type matches. Default retry. */
  unclassified: 'retry' | 'stop';
  stopAfter: {
    /** Failures in a row. Default 25. */
    consecutive: number;
    /** Share of the last 200 records, 0 to 1. Default 0.5. */
    share: number;
    /** Open rows of the process. Default 5,000. */
    open: number;
  };
}

/** `every`: milliseconds. `at`: `HH:mm` in an IANA zone, once a day. */
export type Cadence = { every: number } | { at: string; zone: string };

export type Removal = 'remove' | 'mark' | 'keep';

export interface EntityTypeDefinition {
  name: string;
  formerly: string[];
  cadence: Cadence;
  since?: Instant;
  /**
   * Parent entity type → JSONata expression that gives the parent's record id, or undefined where
   * there is none.
   */
  dependsOn: Record<string, string>;
  from: { system: string; settings: unknown };
  to: { system: string; settings: unknown; adopt: boolean; keys: Record<string, KeyDefinition> };
  /**
   * Resource name → JSONata expression, in the file's order; one named `main` where `map` is a
   * single expression.
   */
  map: Record<string, string>;
  /**
   * By resource name, of those of which there is one for each item: expressions of the list, and of
   * what tells an item from the others.
   */
  each?: Record<string, EachDefinition>;
  /** Names of resources that are made where their key is absent, and then left alone. */
  shared?: string[];
  /** Functions that its expressions call, themselves or by way of one another. */
  functions?: Record<string, string>;
  when?: string;
  whenNoLonger: Removal;
  whenVoided: Removal;
  /** `in`: members of its source's records that hold values by the names of their concepts. */
  concepts: { in: readonly string[]; unmapped: 'report' | 'ignore' | 'hold'; ignore: string[] };
  /**
   * Parents that the destination's system owns, by the names under which `$parent` gives them; each
   * after the one it is looked for within.
   */
  parents: Record<string, ParentDefinition>;
  /**
   * `bring`: a missing parent is brought over first; those of `parents` are waited for. `hold`: the
   * record waits until its parent comes by itself. `filter`: it is left out. `fail`: it is an
   * error.
   */
  whenParentMissing: 'bring' | 'hold' | 'filter' | 'fail';
  /**
   * What becomes of a record without a value for its key: it is written under its derived id, it is
   * left out, or it is an error, as where this is absent.
   */
  whenKeyMissing?: 'derive' | 'filter' | 'fail';
  /** What happens where others changed in the destination what was written: see `WriteRequest`. */
  whenEdited?: 'report' | 'hold' | 'overwrite';
}

export interface EachDefinition {
  list: string;
  id: string;
}

/** How a parent is found that the destination's system owns. */
export type ParentDefinition = WrittenParent | LookedUpParent;

/** What the record refers to was itself written from the parent: its mark there names it. */
export interface WrittenParent {
  /** The entity type that goes the other way, of which the parent is a record. */
  writtenFrom: string;
  /** It, and the names that it had before. */
  names: string[];
  /** What its source calls such records. */
  type: string;
  /** JSONata expression of the reference, in the source of the record. */
  reference: string;
}

/** It is looked for in the destination. */
export interface LookedUpParent {
  /** What the connector type's `lookUpSettings` parsed. */
  find: unknown;
  /** JSONata expression of the value that is looked for. */
  value?: string;
  /** Another parent, of `parents` or `dependsOn`, within which it is looked for. */
  of?: string;
}

/** `value` is a JSONata expression over the record. */
export interface KeyDefinition {
  system?: string;
  value: string;
}

/**
 * Values by code, '' where there is no code yet; `fallback` is what `default:` says. Or rows, and
 * no codes.
 */
export interface CodeTable {
  name: string;
  entries: Record<string, string>;
  fallback?: string;
  /** By the names of columns; blank cells are left out. */
  rows?: Record<string, string>[];
}

/**
 * One thing wrong with a definition. `line` and `column` count from 1. `path` is e.g.
 * `processes.maternal-health.entityTypes.Growth.map.weight`.
 */
export interface Problem {
  code: string;
  file: string;
  line: number;
  column: number;
  path: string;
  message: string;
  /** What would be right, where that can be said. */
  allowed?: string;
}
