import type { AvniKind, StoredRecord } from './record.js';

interface List {
  records: StoredRecord[];
  sorted: boolean;
}

/**
 * Records of each kind, all and by type, ordered as the server orders: by stamp, then by internal
 * number. Sorted when asked for.
 */
export class RecordLists {
  private readonly lists = new Map<string, List>();

  add(record: StoredRecord): void {
    for (const key of keysOf(record.kind, record.type)) {
      const list = this.lists.get(key) ?? { records: [], sorted: true };
      this.lists.set(key, list);
      const last = list.records.at(-1);
      list.sorted &&= last === undefined || inOrder(last, record) < 0;
      list.records.push(record);
    }
  }

  /** Before a record gets another type, or is no more. */
  remove(record: StoredRecord): void {
    for (const key of keysOf(record.kind, record.type)) {
      const list = this.lists.get(key);
      const index = list?.records.indexOf(record) ?? -1;
      if (index >= 0) list?.records.splice(index, 1);
    }
  }

  /** After a record has got another stamp. */
  moved({ kind, type }: StoredRecord): void {
    for (const key of keysOf(kind, type)) {
      const list = this.lists.get(key);
      if (list) list.sorted = false;
    }
  }

  /** Of a type where one is given. Not to be changed. */
  ordered(kind: AvniKind, type?: string): readonly StoredRecord[] {
    const list = this.lists.get(type === undefined ? kind : `${kind}\0${type}`);
    if (list && !list.sorted) {
      list.records.sort(inOrder);
      list.sorted = true;
    }
    return list?.records ?? [];
  }

  has(kind: AvniKind, type: string): boolean {
    return (this.lists.get(`${kind}\0${type}`)?.records.length ?? 0) > 0;
  }
}

function keysOf(kind: AvniKind, type: string): string[] {
  return [kind, `${kind}\0${type}`];
}

function inOrder(a: StoredRecord, b: StoredRecord): number {
  return a.stamp - b.stamp || a.serial - b.serial;
}

/** Index of the first record with a stamp at or after the one given. */
export function firstAt(list: readonly StoredRecord[], stamp: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.stamp ?? 0) < stamp) low = middle + 1;
    else high = middle;
  }
  return low;
}
