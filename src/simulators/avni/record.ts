/** Kinds of record that have a list and an address of their own. */
export type ApiKind = 'subject' | 'enrolment' | 'programEncounter' | 'encounter';

export type AvniKind = ApiKind | 'task' | 'groupSubject' | 'approvalStatus';

export type Body = Record<string, unknown>;

/**
 * One stored record: its API body without `ID`, `Voided`, `audit` and what follows from other
 * records.
 */
export interface StoredRecord {
  /** Internal number: decides between equal stamps, and is not shown. */
  serial: number;
  id: string;
  kind: AvniKind;
  type: string;
  voided: boolean;
  createdAt: number;
  createdBy: string;
  modifiedBy: string;
  /** Milliseconds, UTC. */
  stamp: number;
  /** Not shown before then: a transaction that is committed late. */
  visibleFrom: number;
  /** Where it lies on the disk, so to speak: the order of lists that have none. */
  place: number;
  body: Body;
  shown?: Shown;
}

/**
 * What answers show of a record instead of what it has, as no Avni server would: `whole` in place
 * of the row, or some of its members.
 */
export interface Shown {
  whole?: unknown;
  members?: Body;
  audit?: Body;
}
