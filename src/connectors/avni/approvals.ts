import { z } from 'zod';
import { isObject } from '../../model/is-object.js';
import type { Context, Instant } from '../connector.js';
import { BEGINNING, changes } from './changes.js';
import type { Endpoint } from './endpoints.js';
import type { Joined, JoinedValue } from './joined.js';
import { AvniLister, moved } from './lister.js';
import { rowOf } from './rows.js';
import type { AvniSession } from './session.js';
import type { AvniKind } from './settings.js';

/** How Avni calls a kind of record where it is approved. */
const ENTITIES: Readonly<Record<AvniKind, string>> = {
  subject: 'Subject',
  enrolment: 'ProgramEnrolment',
  programEncounter: 'ProgramEncounter',
  encounter: 'Encounter',
};

const endpoint: Endpoint = {
  list: '/api/approvalStatuses',
  one: '',
  parameter: 'entityType',
  field: 'Entity type',
  types: 'encounterTypes',
  bounds: 'exclusive',
};

const END = '9999-01-01T00:00:00.000Z';
/** Milliseconds read again: a status may be seen later than one that was stamped after it. */
const OVERLAP = 60_000;
const MOST = 1000;

const status = z.looseObject({ 'Entity ID': z.string(), 'Status date time': z.string().nullish() });

interface Status {
  at: string;
  stamp: Instant;
  value: unknown;
}

/**
 * The latest approval status of each record. Avni gives the statuses of all records of a kind
 * alone, none of one record: so they are read once, and from then on what is new.
 */
export class Approvals implements Joined {
  readonly changes: AvniLister;
  private readonly latest = new Map<string, Status>();
  private readTo: Instant = BEGINNING;
  private preparing: Promise<void> = Promise.resolve();

  constructor(session: AvniSession, kind: AvniKind) {
    this.changes = new AvniLister(session, endpoint, ENTITIES[kind], undefined, read);
  }

  /** A status does not name the type of its record: that shows when the record is fetched. */
  isOf(): boolean {
    return true;
  }

  prepare(c: Context): Promise<void> {
    // One at a time: what another one reads meanwhile is new to it too.
    this.preparing = this.preparing.catch(() => undefined).then(() => this.readOn(c));
    return this.preparing;
  }

  of(id: string): Promise<JoinedValue> {
    const found = this.latest.get(id);
    return Promise.resolve({ name: 'Approval', value: found?.value, stamps: found ? [found.stamp] : [] });
  }

  private async readOn(c: Context): Promise<void> {
    const after = { v: 1, at: this.readTo === BEGINNING ? BEGINNING : moved(this.readTo, -OVERLAP) } as const;
    for await (const { records } of changes(this.changes, after, END, MOST, c))
      for (const record of records) {
        if (record.id === undefined || !('body' in record)) continue;
        const {
          'Entity ID': _id,
          'Entity type': _type,
          ID: _own,
          Voided: _voided,
          audit: _audit,
          ...value
        } = record.body as Record<string, unknown>;
        const at = String(value['Status date time'] ?? record.modified);
        const before = this.latest.get(record.id);
        if (record.modified > this.readTo) this.readTo = record.modified;
        if (before === undefined || before.at < at || (before.at === at && before.stamp <= record.modified))
          this.latest.set(record.id, { at, stamp: record.modified, value });
      }
  }
}

/** A status as a row that goes by the record it is of. */
function read(given: unknown): ReturnType<typeof rowOf> {
  if (!isObject(given)) return rowOf(given);
  return rowOf({ Voided: false, ...given, ID: status.safeParse(given).data?.['Entity ID'] });
}
