import { randomUUID } from 'node:crypto';
import { clinicMetadata } from './clinic-metadata.js';
import type { AvniMetadata } from './metadata.js';
import { RecordIndex } from './record-index.js';
import { firstAt, RecordLists } from './record-lists.js';
import type { AvniKind, Body, Shown, StoredRecord } from './record.js';

export type { ApiKind, StoredRecord } from './record.js';

/** Records of a kind with from ≤ stamp ≤ to, of a type where one is given. */
export interface Selection {
  kind: AvniKind;
  type?: string | undefined;
  from: number;
  to: number;
  where?: ((record: StoredRecord) => boolean) | undefined;
  order?: 'server' | 'reverse' | 'none';
}

/**
 * Writes that become visible so many milliseconds after their stamp; the next `times` of them, or
 * all.
 */
export interface LateCommits {
  milliseconds: number;
  times?: number;
}

/** Where a record’s type is named in it, and in what is set up. */
const FIELDS = {
  subject: 'Subject type',
  enrolment: 'Program',
  programEncounter: 'Encounter type',
  encounter: 'Encounter type',
  task: 'Task type',
  groupSubject: 'Group type',
  approvalStatus: 'Entity type',
} as const;
const TYPES = {
  subject: 'subjectTypes',
  enrolment: 'programs',
  programEncounter: 'encounterTypes',
  encounter: 'encounterTypes',
  task: 'taskTypes',
  groupSubject: 'subjectTypes',
  approvalStatus: 'subjectTypes',
} as const;

/** An Avni organisation in memory. */
export class AvniOrganisation {
  /** Applies to every write from now on, until it is used up or removed. */
  lateCommits: LateCommits | undefined;
  private readonly byId = new Map<string, StoredRecord>();
  private readonly lists = new RecordLists();
  private readonly index = new RecordIndex();
  /**
   * What is not visible yet, with the state before where there is one, which is shown until then.
   */
  private readonly late = new Map<StoredRecord, StoredRecord | undefined>();
  private serial = 0;

  constructor(
    readonly now: () => number = Date.now,
    readonly metadata: AvniMetadata = clinicMetadata(),
  ) {}

  /** Adds a record, now or with a stamp of its own. */
  add(
    kind: AvniKind,
    type: string,
    body: Body,
    more: Partial<Pick<StoredRecord, 'id' | 'stamp' | 'voided' | 'visibleFrom'>> & { by?: string } = {},
  ): StoredRecord {
    const stamp = more.stamp ?? this.now();
    const by = more.by ?? 'worker@demo';
    const serial = ++this.serial;
    const record: StoredRecord = {
      serial,
      id: more.id ?? randomUUID(),
      kind,
      type,
      voided: more.voided ?? false,
      createdAt: stamp,
      createdBy: by,
      modifiedBy: by,
      stamp,
      visibleFrom: more.visibleFrom ?? this.commitTime(),
      place: serial,
      body,
    };
    this.byId.set(record.id, record);
    if (record.visibleFrom > this.now()) this.late.set(record, undefined);
    this.lists.add(record);
    this.index.enter(record);
    return record;
  }

  /**
   * Changes a record; its stamp becomes now, or the one given. Keys of `body` replace those of the
   * same name.
   */
  change(id: string, changes: { body?: Body; voided?: boolean; type?: string; by?: string }, stamp = this.now()): StoredRecord {
    const record = this.byId.get(id);
    if (!record) throw new Error(`No record ${id}`);
    const before = { ...record };
    const visibleFrom = this.commitTime();
    if (changes.type !== undefined && changes.type !== record.type) {
      this.lists.remove(record);
      record.type = changes.type;
      this.lists.add(record);
    }
    this.index.leave(record);
    record.body = { ...record.body, ...changes.body };
    this.index.enter(record);
    record.voided = changes.voided ?? record.voided;
    record.modifiedBy = changes.by ?? record.modifiedBy;
    record.stamp = stamp;
    record.place = ++this.serial;
    this.lists.moved(record);
    if (visibleFrom > this.now()) this.hide(record, before, visibleFrom);
    return record;
  }

  /** Gives a record another id, as each write of a task does. */
  renumber(record: StoredRecord): void {
    this.byId.delete(record.id);
    record.id = randomUUID();
    this.byId.set(record.id, record);
  }

  /** From now on answers show this of a record; its stamp stays. */
  show(id: string, shown: Shown): void {
    const record = this.byId.get(id);
    if (!record) throw new Error(`No record ${id}`);
    record.shown = shown;
  }

  /** Gives a type another name, as an administrator may: no record is stamped anew. */
  renameType(kind: AvniKind, from: string, to: string): void {
    const field = FIELDS[kind];
    for (const type of this.metadata[TYPES[kind]]) if (type.name === from) type.name = to;
    for (const record of this.byId.values()) {
      if (record.body[field] === from) record.body = { ...record.body, [field]: to };
      if (TYPES[record.kind] !== TYPES[kind] || record.type !== from) continue;
      this.lists.remove(record);
      record.type = to;
      this.lists.add(record);
    }
  }

  /** Stamps records alike, as a bulk update does. */
  bulkUpdate(ids: string[], stamp = this.now()): void {
    for (const id of ids) this.change(id, {}, stamp);
  }

  /** As it is visible now. */
  get(id: string): StoredRecord | undefined {
    const record = this.byId.get(id);
    return record && record.visibleFrom > this.now() ? this.late.get(record) : record;
  }

  /** By UUID or External ID: two where one’s External ID is another’s UUID. */
  find(kind: AvniKind, id: string): StoredRecord[] {
    const found = [this.get(id), this.withExternalId(kind, id)].filter((each) => each?.kind === kind);
    return [...new Set(found)].filter((each) => each !== undefined);
  }

  withExternalId(kind: AvniKind, externalId: string): StoredRecord | undefined {
    const record = this.index.withExternalId(kind, externalId);
    return record && this.get(record.id);
  }

  /** Which record holds an External ID, also one that is not visible yet: no other can have it. */
  holderOf(kind: AvniKind, externalId: string): StoredRecord | undefined {
    return this.index.withExternalId(kind, externalId);
  }

  childrenOf(id: string): StoredRecord[] {
    return this.index.childrenOf(id);
  }

  /** One page of what is visible, and how many there are in all. */
  select(
    { kind, type, from, to, where, order = 'server' }: Selection,
    offset: number,
    limit: number,
  ): { rows: StoredRecord[]; total: number } {
    this.showCommitted();
    const list = this.lists.ordered(kind, type);
    const [low, high] = [firstAt(list, from), Math.max(firstAt(list, from), firstAt(list, to + 1))];
    if (!where && order === 'server' && this.late.size === 0)
      return { rows: list.slice(Math.min(low + offset, high), Math.min(low + offset + limit, high)), total: high - low };
    const now = this.now();
    const rows = list.slice(low, high).filter((record) => record.visibleFrom <= now && (where?.(record) ?? true));
    if (order === 'reverse') rows.reverse();
    // Neither by stamp nor by number, and a changed record moves: as rows lie in a table.
    if (order === 'none') rows.sort((a, b) => scattered(a) - scattered(b));
    return { rows: rows.slice(offset, offset + limit), total: rows.length };
  }

  /** Everything, also what is not visible yet. */
  all(): StoredRecord[] {
    return [...this.byId.values()];
  }

  /** Whether any record is of this type, visible or not. */
  has(kind: AvniKind, type: string): boolean {
    return this.lists.has(kind, type);
  }

  private commitTime(): number {
    const late = this.lateCommits;
    if (!late) return 0;
    if (late.times !== undefined && (late.times -= 1) <= 0) this.lateCommits = undefined;
    return this.now() + late.milliseconds;
  }

  private hide(record: StoredRecord, before: StoredRecord, visibleFrom: number): void {
    this.showCommitted();
    record.visibleFrom = visibleFrom;
    if (this.late.has(record)) return;
    this.late.set(record, before);
    this.lists.add(before);
  }

  private showCommitted(): void {
    const now = this.now();
    for (const [record, before] of this.late) {
      if (record.visibleFrom > now) continue;
      this.late.delete(record);
      if (before) this.lists.remove(before);
    }
  }
}

function scattered({ place }: StoredRecord): number {
  return Math.imul(place, 0x9e3779b1) >>> 0;
}
