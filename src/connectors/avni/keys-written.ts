import type { Origin } from '../connector.js';

/** More than any process writes between two starts of its worker that are looked for again. */
const MOST = 200_000;

/**
 * Under which key a record was written since the worker started. An Avni record carries no word of
 * where it came from but its External ID: where that is a business key, only the mapped record
 * tells it.
 */
export class KeysWritten {
  private readonly keys = new Map<string, string>();

  keyOf(entityType: string, id: string, name: string): string | undefined {
    return this.keys.get(nameOf(entityType, id, name));
  }

  note({ entityType, id }: Origin, name: string, key: string): void {
    if (this.keys.size >= MOST) this.keys.clear();
    this.keys.set(nameOf(entityType, id, name), key);
  }
}

function nameOf(entityType: string, id: string, name: string): string {
  return `${entityType}\0${id}\0${name}`;
}
