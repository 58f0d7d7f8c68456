import type { ChangeSource, Destination } from '../connectors/connector.js';
import type { EntityTypeDefinition, ErrorsDefinition } from '../definition/definition.js';
import type { Classify } from '../errors/error-type.js';
import type { Mapping } from '../mapping/mapping.js';

/** Everything the pipeline needs to carry records of one entity type, put together by its caller. */
export interface EntityTypeParts {
  integration: string;
  process: string;
  definition: EntityTypeDefinition;
  source: ChangeSource;
  destination: Destination;
  mapping: Mapping;
  /** Its parents, by entity type name: the same parts, so that a missing one can be brought over. */
  parents: Record<string, EntityTypeParts>;
  /** The types that depend on it, in the order they are synced. */
  children: Record<string, EntityTypeParts>;
  classify: Classify;
  errors: ErrorsDefinition;
}
