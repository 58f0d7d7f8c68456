import type {
  Bookmark,
  ChangeSource,
  Context,
  Instant,
  Origin,
  Page,
  SourceRecord,
  Unreadable,
} from '../../../src/connectors/connector.js';
import type { RecordError } from '../../../src/errors/record-error.js';

/** A record as its source has it; times in milliseconds. */
export interface FakeRecord {
  type: string;
  id: string;
  modified: number;
  /** Undefined where the source does not tell. */
  created: number | undefined;
  voided: boolean;
  parents: Record<string, string>;
  /** Whether `when` lets it through. */
  accepted: boolean;
  /** How it fails, if it does: in its expressions, or already when it is read. */
  bad?: 'mapping' | 'unreadable' | undefined;
  concepts?: string[];
}

export const iso = (time: number): Instant => new Date(time).toISOString();

const unreadable: RecordError = { code: 'Unreadable', message: 'It cannot be read.', remedy: 'Correct it.' };

/** Awaited at each call of anything; it may throw, as systems do, or as a worker that dies. */
export type At = (point: string) => Promise<void>;

/** All records of a source system, changed while it is read. */
export class FakeSystem {
  readonly records = new Map<string, FakeRecord>();
  /** What was asked, e.g. `fetch A a1,a2`. */
  readonly asked: string[] = [];
  /** What carries the mark of a record that it was written from, by reference. */
  readonly origins = new Map<string, Origin[] | RecordError>();
  time = Date.UTC(2026, 0, 1);

  constructor(readonly at: At = async () => undefined) {}

  /** Adds a record, or changes one: its stamp is the next millisecond unless given. */
  put(type: string, id: string, changes: Partial<FakeRecord> = {}): FakeRecord {
    const known = this.records.get(`${type} ${id}`);
    const modified = changes.modified ?? (this.time += 1);
    const record: FakeRecord = { type, id, created: modified, voided: false, parents: {}, accepted: true, ...known, ...changes, modified };
    this.records.set(`${type} ${id}`, record);
    return record;
  }

  get(type: string, id: string): FakeRecord | undefined {
    return this.records.get(`${type} ${id}`);
  }

  remove(type: string, id: string): void {
    this.records.delete(`${type} ${id}`);
  }

  of(type: string): FakeRecord[] {
    return [...this.records.values()]
      .filter((each) => each.type === type)
      .sort((a, b) => a.modified - b.modified || (a.id < b.id ? -1 : 1));
  }

  source(type: string): ChangeSource {
    return {
      hasChanges: async (after, until) => {
        this.asked.push(`any ${type}`);
        return this.between(type, after?.at ?? iso(0), until).length > 0;
      },
      changes: (after, until, limit) => this.changes(type, after, until, limit),
      fetch: (ids) => this.fetch(type, ids),
      childrenOf: (parent) => this.childrenOf(type, parent),
      originsOf: async (references) => {
        this.asked.push(`origins ${[...references].sort().join(',')}`);
        await this.at('origins');
        return new Map(references.flatMap((each) => (this.origins.has(each) ? [[each, this.origins.get(each) ?? []] as const] : [])));
      },
    };
  }

  private async *changes(type: string, after: Bookmark | null, until: Instant, limit: number): AsyncGenerator<Page> {
    let place = after?.at ?? iso(0);
    for (;;) {
      await this.at(`changes ${type}`);
      const all = this.between(type, place, until);
      const last = all[limit - 1];
      // A group of one stamp is given whole.
      const page = last ? all.filter(({ modified }) => modified <= last.modified) : all;
      const done = page.length === all.length;
      place = done ? until : iso(last?.modified ?? 0);
      yield { records: page.map(given), bookmark: { v: 1, at: place } };
      if (done) return;
    }
  }

  private between(type: string, after: Instant, until: Instant): FakeRecord[] {
    return this.of(type).filter(({ modified }) => iso(modified) > after && iso(modified) <= until);
  }

  private async fetch(type: string, ids: string[]): Promise<Map<string, SourceRecord | Unreadable>> {
    this.asked.push(`fetch ${type} ${[...ids].sort().join(',')}`);
    await this.at(`fetch ${type}`);
    return new Map(
      ids.flatMap((id) => {
        const record = this.get(type, id);
        return record ? [[id, given(record)] as const] : [];
      }),
    );
  }

  private async *childrenOf(type: string, parent: { entityType: string; id: string }): AsyncGenerator<SourceRecord | Unreadable> {
    this.asked.push(`children ${type} of ${parent.entityType} ${parent.id}`);
    await this.at(`children ${type}`);
    for (const record of this.of(type)) if (record.parents[parent.entityType] === parent.id) yield given(record);
  }
}

function given(record: FakeRecord): SourceRecord | Unreadable {
  const { id, modified, created, voided, bad } = record;
  if (bad === 'unreadable') return { id, stamp: iso(modified), slot: 0, error: unreadable };
  return {
    id,
    version: iso(modified),
    modified: iso(modified),
    ...(created !== undefined ? { created: iso(created) } : {}),
    voided,
    body: record,
  };
}

export const noContext = (signal = new AbortController().signal): Context => ({ signal }) as unknown as Context;
