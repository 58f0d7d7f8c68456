import type { ConnectorType, DestinationOptions } from '../connectors/connector.js';
import type { Instant } from '../model/instant.js';

/** A running system of a connector's kind, and how a definition would name it. */
export interface SystemWorld {
  /** The connector that is proved. */
  connector: ConnectorType;
  /** Base address of the system. */
  url: string;
  /** Settings of the system in a definition, with the address that is given in place of its own. */
  systemSettings(url: string): unknown;
  /** Texts that no error may hold: what it signs in with, and what only a person's record says. */
  secrets: readonly string[];
  /** Ends it. */
  close(): Promise<void>;
}

/** A system that is read; empty when it is made. */
export interface SourceWorld extends SystemWorld {
  /** `from:` but `system`. */
  sourceSettings: unknown;
  /** Milliseconds between two stamps that the system can tell apart. */
  precision: number;
  /** Makes a record with this stamp, and gives its id. */
  make(at: Instant): Promise<string>;
  /** Changes a record, which has this stamp from then on. */
  change(id: string, at: Instant): Promise<void>;
  /** Takes a record away, at this stamp; absent where the source tells no deletes. */
  remove?(id: string, at: Instant): Promise<void>;
}

/** A system that is written; empty when it is made. */
export interface DestinationWorld extends SystemWorld {
  /** `to:` but `system`. */
  destinationSettings: unknown;
  /** The entity type that is written, and what the engine adds; `entityTypes` names it. */
  options: DestinationOptions;
  entityType: string;
  /**
   * What a mapping makes of one record in one of its states: resources by name; `ref` refers to
   * another one of them.
   */
  mapped(id: string, state: number, ref: (name: string) => unknown): Record<string, unknown>;
  /** What a mapping may make that the system refuses; absent where it takes all of its form. */
  refused?(id: string): Record<string, unknown>;
  /**
   * What the system has of all records, as texts that differ where the content does; one that was
   * taken away is none.
   */
  stored(): Promise<string[]>;
}

/** What the kit needs of a test runner: jest's and node's fit. */
export type Test = (name: string, run: () => Promise<void>) => void;

/** One promise of the contract. */
export interface Property<World> {
  name: string;
  /** @throws AssertionError where it is broken */
  holds(world: World): Promise<void>;
}
