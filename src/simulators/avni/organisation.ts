import { randomUUID } from 'node:crypto';

export type AvniKind = 'subject' | 'enrolment' | 'programEncounter' | 'encounter';

/** One stored record: its API body without `ID`, `Voided` and `audit`, which follow from the rest. */
export interface StoredRecord {
  /** Internal number: decides between equal stamps, and is not shown. */
  serial: number;
  id: string;
  kind: AvniKind;
  type: string;
  voided: boolean;
  createdAt: number;
  /** Milliseconds, UTC. */
  stamp: number;
  /** Not shown before then: a transaction that is committed late. */
  visibleFrom: number;
  body: Record<string, unknown>;
}

/** An Avni organisation in memory, ordered as its server orders: by stamp, then by internal number. */
export class AvniOrganisation {
  private readonly byId = new Map<string, StoredRecord>();
  private readonly sorted = new Map<string, StoredRecord[]>();
  private serial = 0;

  constructor(readonly now: () => number = Date.now) {}

  /** Adds a record, now or with a stamp of its own. */
  add(
    kind: AvniKind,
    type: string,
    body: Record<string, unknown>,
    more: Partial<Pick<StoredRecord, 'id' | 'stamp' | 'voided' | 'visibleFrom'>> = {},
  ): StoredRecord {
    const stamp = more.stamp ?? this.now();
    const record: StoredRecord = {
      serial: ++this.serial,
      id: more.id ?? randomUUID(),
      kind,
      type,
      voided: more.voided ?? false,
      createdAt: stamp,
      stamp,
      visibleFrom: more.visibleFrom ?? 0,
      body,
    };
    this.byId.set(record.id, record);
    this.sorted.delete(listKey(kind, type));
    return record;
  }

  /** Changes a record's body or whether it is voided; its stamp becomes now, or the one given. */
  change(id: string, changes: { body?: Record<string, unknown>; voided?: boolean }, stamp = this.now()): StoredRecord {
    const record = this.byId.get(id);
    if (!record) throw new Error(`No record ${id}`);
    record.body = { ...record.body, ...changes.body };
    record.voided = changes.voided ?? record.voided;
    record.stamp = stamp;
    this.sorted.delete(listKey(record.kind, record.type));
    return record;
  }

  /** Stamps records alike, as a bulk update does. */
  bulkUpdate(ids: string[], stamp = this.now()): void {
    for (const id of ids) this.change(id, {}, stamp);
  }

  get(id: string): StoredRecord | undefined {
    const record = this.byId.get(id);
    return record && record.visibleFrom <= this.now() ? record : undefined;
  }

  /** Visible records of a kind and type with from ≤ stamp ≤ to, in the server's order; all types where none is given. */
  list(kind: AvniKind, type: string | undefined, from: number, to: number): StoredRecord[] {
    const all =
      type !== undefined
        ? this.ordered(kind, type)
        : this.types(kind)
            .flatMap((each) => this.ordered(kind, each))
            .sort(inOrder);
    const now = this.now();
    return all.slice(firstAt(all, from), firstAt(all, to + 1)).filter((record) => record.visibleFrom <= now);
  }

  all(): StoredRecord[] {
    return [...this.byId.values()];
  }

  private types(kind: AvniKind): string[] {
    return [...new Set(this.all().flatMap((record) => (record.kind === kind ? [record.type] : [])))];
  }

  private ordered(kind: AvniKind, type: string): StoredRecord[] {
    const key = listKey(kind, type);
    let list = this.sorted.get(key);
    if (!list) {
      list = this.all()
        .filter((record) => record.kind === kind && record.type === type)
        .sort(inOrder);
      this.sorted.set(key, list);
    }
    return list;
  }
}

function listKey(kind: AvniKind, type: string): string {
  return `${kind}\0${type}`;
}

function inOrder(a: StoredRecord, b: StoredRecord): number {
  return a.stamp - b.stamp || a.serial - b.serial;
}

/** Index of the first record with a stamp at or after the one given. */
function firstAt(list: StoredRecord[], stamp: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.stamp ?? 0) < stamp) low = middle + 1;
    else high = middle;
  }
  return low;
}
