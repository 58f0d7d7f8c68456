import { LRUCache } from 'lru-cache';
import type { Found } from '../connectors/connector.js';
import { getOwn } from '../model/keyed.js';
import { keyOf } from '../model/record-key.js';
import { EmptyTypes } from './empty-types.js';

/**
 * What one execution remembers of parents found in the destination, and of types without records,
 * never of what was missing.
 */
export class Memory {
  readonly emptyTypes = new EmptyTypes();
  /** Parents that the destination's system owns, by the question that found each. */
  readonly lookedUp = new LRUCache<string, Found>({ max: 20_000 });
  private readonly found = new LRUCache<string, Record<string, Found>>({ max: 20_000 });

  /** `name`: of the parent's resource. */
  get(entityType: string, id: string, name: string): Found | undefined {
    return getOwn(this.found.get(keyOf({ entityType, id })), name);
  }

  set(entityType: string, id: string, name: string, found: Found): void {
    const key = keyOf({ entityType, id });
    this.found.set(key, { ...this.found.get(key), [name]: found });
  }

  /** It is removed or marked. */
  forget(entityType: string, id: string): void {
    this.found.delete(keyOf({ entityType, id }));
  }
}
