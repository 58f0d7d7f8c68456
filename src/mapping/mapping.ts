import type { Key } from '../connectors/connector.js';
import type { EntityTypeDefinition } from '../definition/definition.js';
import type { RecordError } from '../errors/record-error.js';

/**
 * Thrown where an expression fails on a record: the record's error, without the record's values.
 */
export class MappingFailed extends Error {
  override readonly name = 'MappingFailed';
  constructor(readonly error: RecordError) {
    super(error.message);
  }
}

/** What an expression may reach beside the record itself. */
export interface MappingScope {
  /**
   * The reference of a parent's resource, by the parent's name; undefined where the record names no
   * such parent.
   */
  parent(name: string, resourceName?: string): unknown;
  /** A stand-in for the reference of another resource of this record. */
  ref(resourceName: string): unknown;
}

export interface Mapped {
  /**
   * Resource name → what its expression gave; an undefined one is left out. Of one that there is
   * for each item of a list, the name is that of `itemName`.
   */
  resources: Record<string, unknown>;
  /** Concepts the record has a value for that no expression read, but for the ignored ones. */
  unmapped: string[];
}

/** Of an entity type, what its mapping is made of. */
export type MappingDefinition = Pick<
  EntityTypeDefinition,
  'dependsOn' | 'parents' | 'when' | 'whenKeyMissing' | 'map' | 'each' | 'shared' | 'concepts' | 'functions'
> & {
  to: Pick<EntityTypeDefinition['to'], 'keys'>;
};

/**
 * The expressions of one entity type, compiled once. For a record that it cannot deal with every
 * method throws `MappingFailed`; once its signal is aborted, `Cancelled`; nothing else but for a
 * defect.
 */
export interface Mapping {
  /** Which parents, by name, and which of their resources, the expressions ask `$parent` for. */
  readonly parentRefs: { entityType: string; name?: string }[];
  /**
   * What says which parents the record has, by name: an id, or of a parent that is looked up a
   * reference or a value; undefined where there is none.
   */
  parentIds(body: unknown, signal?: AbortSignal): Promise<Record<string, string | undefined>>;
  /** Whether `when` lets the record through, and `whenKeyMissing` where that filters. */
  accepts(body: unknown, signal?: AbortSignal): Promise<boolean>;
  /**
   * Resource name → its business key, where the definition gives it one, and the record has a value
   * for it or must have one.
   */
  keys(body: unknown, signal?: AbortSignal): Promise<Record<string, Key>>;
  map(body: unknown, scope: MappingScope, signal?: AbortSignal): Promise<Mapped>;
}
