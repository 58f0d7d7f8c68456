import type { Origin, WriteOutcome, WriteRequest } from '../connector.js';
import type { Looked } from './look.js';
import type { StoredResource } from './resource.js';
import type { FhirDestinationSettings } from './settings.js';

/** Of a request, the ids of its shared resources by name; or why one of them is not there. */
export type SharedIds = Map<string, string> | WriteOutcome;

/** What is known when the requests of one call are planned. */
export interface PlanContext {
  base: string;
  /** Who chooses the ids of new resources. */
  ids: 'client' | 'server' | undefined;
  settings: FhirDestinationSettings;
  formerly: string[];
  /** Names of the entity type's resources that the definition gives a key. */
  keyed: readonly string[];
  /** Name of the entity type's first resource, which tells whether a record is there. */
  firstName: string;
  looked: Looked;
  /**
   * Keys that no record has in the destination yet, and the records of this same call that are
   * about to bring them.
   */
  claimed: Map<string, Origin>;
  /** Origins of the records of this call, where one of them has a business key. */
  inCall: ReadonlySet<string>;
  /**
   * Of resources that were taken over, by reference: what they were before, where the server tells.
   */
  before: Map<string, StoredResource | undefined>;
  /** Of requests, the ids of their shared resources by name; or why one of them is not there. */
  shared: ReadonlyMap<WriteRequest, SharedIds>;
  /**
   * Whether the server keeps of `meta` what is left out, for ever: then it is not left out again
   * and again.
   */
  keepsMeta: boolean;
}
