import type { AvniRecord } from './avni-record.js';
import type { FhirResource } from './fhir-resource.js';

/** A resource that a record must have: `code` tells an Observation from its others. */
export interface Expected {
  type: string;
  code?: string;
  /** Absent and undefined are the same. */
  content: Record<string, unknown>;
}

/**
 * The reference to what was written for a record: `Type/id`; undefined where there is not exactly
 * one.
 */
export type Refer = (entityType: string, id: unknown) => { reference: string } | undefined;

/**
 * What a definition makes of Avni’s records, said a second time in plain code, so that a fault of
 * the mapping engine is no fault here too.
 */
export interface Expectation {
  /** `<integration>/<process>`. */
  process: string;
  /** The entity type that carries a record over; undefined where none does. */
  entityTypeOf(record: AvniRecord): string | undefined;
  /** Whether what was written for an entity type is marked, not removed, when its record goes. */
  marks(entityType: string): boolean;
  expectedOf(record: AvniRecord, refer: Refer): Expected[];
  /** Whether the FHIR server itself owns a resource. */
  isItsOwn(resource: FhirResource): boolean;
}
