import { z } from 'zod';
import type { RecordError } from '../../errors/record-error.js';
import { isObject } from '../../model/is-object.js';
import { getOwn } from '../../model/keyed.js';
import type { Context } from '../connector.js';
import { unreadableError } from './broken-group.js';
import { endpoints, type Endpoint } from './endpoints.js';
import type { Joined } from './joined.js';
import { AvniLister } from './lister.js';
import { oddError, type OddRow } from './odd-row.js';
import { PageBroken } from './page-broken.js';
import { isOdd, rowOf, type AvniRow } from './rows.js';
import type { AvniSession } from './session.js';

/** The two ends of a membership. */
type End = 'Group' | 'Member';

/** Members of a group, or groups of a member, asked for at once: the most that Avni gives. */
const MOST = 1000;

const endpoint: Endpoint = {
  ...endpoints.subject,
  list: '/api/groupSubjects',
  bounds: 'inclusive',
  untyped: true,
  timeless: 'left out',
};

/** A list by parent knows no time. */
const EVER = { after: '1970-01-01T00:00:00.000Z', until: '9999-01-01T00:00:00.000Z' };

const subject = z.looseObject({ ID: z.string(), 'Subject type': z.string().optional() });

/**
 * What subjects of a type have as groups (`members`), or as members (`memberships`). A membership
 * has no id of its own (Avni server): in the list of changes it goes by that of the subject which
 * it belongs to.
 */
export function membershipsOf(session: AvniSession, type: string, what: 'members' | 'memberships'): Joined {
  const own: End = what === 'members' ? 'Group' : 'Member';
  return {
    changes: listerOf(session, type, own),
    isOf: (body) => {
      const named = subjectIn(body, own)?.['Subject type'];
      return named === undefined || named === type;
    },
    of: async (id, c) => {
      const rows = await rowsOf(listerOf(session, type, own, id), type, c);
      if ('code' in rows) return { error: rows };
      const valid = rows.filter(({ voided }) => !voided).map(({ body }) => withoutOwn(body, own));
      return { name: what === 'members' ? 'Members' : 'Memberships', value: valid, stamps: rows.map(({ stamp }) => stamp) };
    },
  };
}

/**
 * Ids of the members that a group has or had, whatever their type. @throws SystemFailure,
 * Cancelled
 */
export async function memberIdsOf(session: AvniSession, type: string, id: string, c: Context): Promise<string[] | RecordError> {
  const rows = await rowsOf(listerOf(session, type, 'Group', id), type, c);
  return 'code' in rows ? rows : [...new Set(rows.map(({ body }) => String(body['Member ID'])))];
}

const FILTERS: Readonly<Record<End, string>> = { Group: 'groupSubjectId', Member: 'memberSubjectId' };

/** Of one group or member where an id is given. */
function listerOf(session: AvniSession, type: string, own: End, id?: string): AvniLister {
  const parent = id === undefined ? undefined : { parameter: FILTERS[own], field: `${own} ID`, id };
  return new AvniLister(session, endpoint, type, parent, (row) => read(row, own));
}

function subjectIn(membership: unknown, end: End): z.infer<typeof subject> | undefined {
  return isObject(membership) ? subject.safeParse(getOwn(membership, `${end} subject`)).data : undefined;
}

/** A membership as a row that goes by the subject at one of its ends. */
function read(given: unknown, own: End): AvniRow | OddRow {
  if (!isObject(given)) return rowOf(given);
  const [group, member] = [subjectIn(given, 'Group')?.ID, subjectIn(given, 'Member')?.ID];
  const row = rowOf({ ...given, 'Group ID': group, 'Member ID': member, ID: own === 'Group' ? group : member });
  if (isOdd(row)) return row.odd === 'ID' ? { ...row, odd: `${own} subject.ID` } : row;
  if (group === undefined || member === undefined)
    return { id: row.id, stamp: row.stamp, odd: `${group === undefined ? 'Group' : 'Member'} subject.ID` };
  return row;
}

/** Of one group or member, voided ones too; the error where Avni cannot give them. */
async function rowsOf(lister: AvniLister, type: string, c: Context): Promise<AvniRow[] | RecordError> {
  try {
    const first = await lister.list(EVER, 0, MOST, c);
    const rows = [...first.rows];
    // One that changes meanwhile moves to the end: from the last page to the first none is missed.
    for (let page = first.totalPages - 1; page > 0; page -= 1) rows.push(...(await lister.list(EVER, page, MOST, c)).rows);
    if (first.totalPages > 1) rows.push(...(await lister.list(EVER, 0, MOST, c)).rows);
    const [odd] = rows.flatMap((row) => (isOdd(row) ? [row.odd] : []));
    if (odd !== undefined) return oddError(type, `its memberships, ${odd}`);
    const inOrder = rows.filter((row): row is AvniRow => !isOdd(row)).sort((a, b) => (a.stamp < b.stamp ? -1 : 1));
    const latest = new Map(inOrder.map((row) => [keyOf(row), row]));
    return [...latest.values()];
  } catch (error) {
    if (error instanceof PageBroken) return unreadableError(type, error.answer);
    throw error;
  }
}

/** One that was ended and one that was made anew are two. */
function keyOf({ body, created }: AvniRow): string {
  return JSON.stringify([body['Group ID'], body['Member ID'], body['Role'], created]);
}

function withoutOwn(body: Record<string, unknown>, own: End): Record<string, unknown> {
  const ends = ['ID', `${own} subject`, `${own} ID`];
  return Object.fromEntries(Object.entries(body).filter(([name]) => !ends.includes(name)));
}
