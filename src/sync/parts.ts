import type { ChangeSource, Destination } from '../connectors/connector.js';
import type { EntityTypeDefinition, ErrorsDefinition } from '../definition/definition.js';
import type { Classify } from '../errors/error-type.js';
import type { RecordError } from '../errors/record-error.js';
import type { Mapping } from '../mapping/mapping.js';
import type { RecordRef } from '../model/record-key.js';

/**
 * Everything the pipeline needs to process records of one entity type, put together by its caller.
 */
export interface EntityTypeParts {
  integration: string;
  process: string;
  definition: EntityTypeDefinition;
  source: ChangeSource;
  destination: Destination;
  mapping: Mapping;
  /** All types of the process, in the order they are synced: parents before children. */
  types: readonly EntityTypeParts[];
  /**
   * Its parents, by entity type name: the same parts, so that a missing one can be brought over.
   */
  parents: Record<string, EntityTypeParts>;
  /** The types that depend on it, in the order they are synced. */
  children: Record<string, EntityTypeParts>;
  /** Its source cannot list its records by a parent, or those of a parent by its own parent. */
  unlisted?: boolean;
  /** The types among its parents by whose records their source cannot list it. */
  unlistedBy?: readonly string[];
  /** Who downloads each record that is written, in the plural; absent: nobody. */
  downloadedBy?: string;
  classify: Classify;
  /** What to do about an error type of the process, where its own says so. */
  remedyOf?(errorType: string): string | undefined;
  errors: ErrorsDefinition;
}

/** The resource by which it is told whether a record is there. */
export function firstName({ definition }: EntityTypeParts): string {
  return Object.keys(definition.map)[0] ?? 'main';
}

/** Code and error type of a record that is held and has a row of its own. */
const PARENT_FAILING = 'ParentFailing';

/** The same of one whose parent its destination's system owns, which has it not yet. */
export const PARENT_AWAITED = 'ParentAwaited';

/**
 * Whether what has this code, or is of this error type, has not failed: it merely waits for what it
 * depends on.
 */
export function merelyWaits(code: string): boolean {
  return code === PARENT_FAILING || code === PARENT_AWAITED;
}

/** The error of a record that failed itself before, and now waits for its parent. */
export function parentFailing({ entityType, id }: RecordRef): RecordError {
  return {
    code: PARENT_FAILING,
    message: `It depends on ${entityType} ${id}, which is errored itself.`,
    remedy: `Mend ${entityType} ${id}; this one follows by itself.`,
  };
}

/**
 * The error of a record whose parent is not there yet. `name`: as the definition calls the parent.
 */
export function parentAwaited(name: string, system: string): RecordError {
  return {
    code: PARENT_AWAITED,
    message: `Its ${name} in ${system} is not known yet: it is not there, or has not come over.`,
    remedy: `Nothing, where it is still to come, or is errored itself: this one follows by itself. Otherwise register it in ${system}, or correct what the record refers to.`,
  };
}
