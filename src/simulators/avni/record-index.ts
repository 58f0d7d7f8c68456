import type { AvniKind, StoredRecord } from './record.js';
import { getOwn } from '../../model/keyed.js';

const PARENTS = ['Subject ID', 'Enrolment ID', 'Group ID', 'Member ID'];

/** Finds records by External ID and by the record they belong to. */
export class RecordIndex {
  private readonly byExternalId = new Map<string, Set<StoredRecord>>();
  private readonly byParent = new Map<string, Set<StoredRecord>>();

  enter(record: StoredRecord): void {
    const external = externalKey(record);
    if (external !== undefined) enter(this.byExternalId, external, record);
    for (const parent of parentsOf(record)) enter(this.byParent, parent, record);
  }

  /** Before a record changes. */
  leave(record: StoredRecord): void {
    const external = externalKey(record);
    if (external !== undefined) this.byExternalId.get(external)?.delete(record);
    for (const parent of parentsOf(record)) this.byParent.get(parent)?.delete(record);
  }

  withExternalId(kind: AvniKind, externalId: string): StoredRecord | undefined {
    return [...(this.byExternalId.get(`${kind}\0${externalId}`) ?? [])][0];
  }

  /**
   * Also voided ones. A program encounter belongs to its enrolment and to its subject, a membership
   * to both its ends.
   */
  childrenOf(id: string): StoredRecord[] {
    return [...(this.byParent.get(id) ?? [])];
  }
}

function externalKey({ kind, body }: StoredRecord): string | undefined {
  const id = body['External ID'];
  return typeof id === 'string' && id !== '' ? `${kind}\0${id}` : undefined;
}

function parentsOf({ body }: StoredRecord): string[] {
  return PARENTS.flatMap((name) => {
    const id = getOwn(body, name);
    return typeof id === 'string' ? [id] : [];
  });
}

function enter(map: Map<string, Set<StoredRecord>>, key: string, record: StoredRecord): void {
  const set = map.get(key);
  if (set) set.add(record);
  else map.set(key, new Set([record]));
}
