import type { CodeTable } from '../../definition/definition.js';
import type { MappingDefinition } from '../mapping.js';

/** Expressions of one entity type, and the digests of its code tables by name. */
export interface MappingSpec {
  definition: MappingDefinition;
  tables: [name: string, digest: string][];
}

/** One thing to work out of one record. */
export interface MapItem {
  work: 'accepts' | 'parentIds' | 'keys' | 'map';
  /** Place of the record's JSON in `bodies`. */
  body: number;
  /** For `map`. */
  scope?: ScopeData;
}

/** What an expression may reach beside the record, as data: references, by what it asks for. */
export interface ScopeData {
  parents: { entityType: string; name?: string; reference: unknown }[];
  /** Of resources for each item, that of any item. */
  refs: { name: string; reference: unknown }[];
}

/** What a thread is asked: plain data, and the memory that both sides see. */
export interface MapTask {
  /** Digest of its `MappingSpec`. */
  mapping: string;
  /** What threads keep by digest, as far as this one said that it lacks it. */
  kept: Map<string, MappingSpec | CodeTable>;
  /** Each as JSON, which crosses faster than objects do. */
  bodies: string[];
  items: MapItem[];
  /** One number: the place of the item in hand, counted from 1; 0 before the first. */
  inHand: Int32Array;
  /** Milliseconds of work after which the thread answers with what is done. */
  slice: number;
}

export type MapAnswer =
  /** Digests of what the thread has not: to be asked again with these in `kept`. */
  | { lacks: string[] }
  /**
   * `results`: for the first items, one or more, a `MapResult` as JSON each. `slowest`:
   * milliseconds that the slowest of them took.
   */
  | { results: string[]; slowest: number };

export type MapResult = { value?: unknown } | { error: unknown };
