import { LRUCache } from 'lru-cache';
import type { Found } from '../connectors/connector.js';

/** What one execution remembers of parents found in the destination; what was missing is never remembered. */
export class Memory {
  private readonly found = new LRUCache<string, Found>({ max: 20_000 });

  get(entityType: string, id: string, name: string): Found | undefined {
    return this.found.get(keyOf(entityType, id, name));
  }

  set(entityType: string, id: string, name: string, found: Found): void {
    this.found.set(keyOf(entityType, id, name), found);
  }
}

function keyOf(...parts: string[]): string {
  return parts.join('\0');
}
