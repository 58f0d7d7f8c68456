import { SystemFailure } from '../../errors/system-failure.js';
import { isPathSegment, pathSegment } from '../../http/path-segment.js';
import { isObject } from '../../model/is-object.js';
import type { Context, SourceRecord, Unreadable } from '../connector.js';
import { BEGINNING, changes } from './changes.js';
import { endpoints } from './endpoints.js';
import { fetchRecords } from './fetch.js';
import { AvniLister, moved, type Window } from './lister.js';
import { memberIdsOf } from './memberships.js';
import { PageBroken } from './page-broken.js';
import type { ParentFilter } from './check-rows.js';
import { isOdd, recordsOf } from './rows.js';
import type { AvniSession } from './session.js';
import type { SourceKind } from './settings.js';

/** Rows a request; one family is rarely larger. */
const SIZE = 200;
/** Rows a request where a whole type is looked through: the most that Avni gives. */
const MOST = 1000;
/**
 * After any record of any organisation: who changes while the list is read comes at its end, once
 * more.
 */
const END = '9999-01-01T00:00:00.000Z';

/** A kind of record and the exact name of its type; `members`: those of a group are asked for. */
interface AvniType {
  kind: SourceKind;
  type: string;
  members: boolean;
}

type Children = AsyncGenerator<SourceRecord | Unreadable>;

/** Whether Avni can list records of one type by a record of the other that they belong to. */
export function canList(parent: AvniType, child: AvniType): boolean {
  if (child.kind === 'location') return parent.kind === 'location';
  if (child.kind === 'programEncounter') return parent.kind === 'enrolment' || parent.kind === 'subject';
  return parent.kind === 'subject' && (child.kind !== 'subject' || parent.members);
}

/**
 * Records of a type that belong to a record of another, voided ones too; one that changes meanwhile
 * may come twice.
 */
export async function* childrenOf(session: AvniSession, child: AvniType, parent: AvniType, id: string, c: Context): Children {
  if (!canList(parent, child)) return;
  if (child.kind === 'location') return yield* places(session, child.type, id, c);
  if (child.kind === 'subject') return yield* members(session, child, parent, id, c);
  const lister = (filter: ParentFilter): AvniLister => new AvniLister(session, endpoints[child.kind], child.type, filter);
  if (child.kind === 'enrolment') return yield* enrolments(session, lister({ parameter: 'subject', field: 'Subject ID', id }), c);
  if (child.kind === 'encounter') return yield* listed(lister({ parameter: 'subjectId', field: 'Subject ID', id }), c);
  for (const enrolment of parent.kind === 'enrolment' ? [id] : await enrolmentsOf(session, parent, id, c))
    yield* ofEnrolment(session, lister({ parameter: 'programEnrolmentId', field: 'Enrolment ID', id: enrolment }), enrolment, c);
}

/** Locations of a type right below another one: Avni lists all locations alone. */
async function* places(session: AvniSession, type: string, id: string, c: Context): Children {
  for await (const { records } of changes(new AvniLister(session, endpoints.location, type), null, END, MOST, c))
    for (const record of records) if ('body' in record && isBelow(record.body, id, type)) yield record;
}

function isBelow(body: unknown, id: string, type: string): boolean {
  const { Type: own, Parent: parent } = body as Record<string, unknown>;
  return own === type && isObject(parent) && parent['ID'] === id;
}

/** Subjects of a type among the members of a group. */
async function* members(session: AvniSession, child: AvniType, parent: AvniType, id: string, c: Context): Children {
  const ids = await memberIdsOf(session, parent.type, id, c);
  if ('code' in ids) throw unlisted(child.type);
  const found = await fetchRecords(session, new AvniLister(session, endpoints.subject, child.type), ids, c);
  for (const record of found.values()) if ('body' in record || record.error.code !== 'OtherType') yield record;
}

async function* listed(lister: AvniLister, c: Context): Children {
  for await (const { records } of changes(lister, null, END, SIZE, c)) yield* records;
}

/**
 * Avni server, observed: the filter is dropped where there is no such enrolment; then it has no
 * encounters.
 */
async function* ofEnrolment(session: AvniSession, lister: AvniLister, id: string, c: Context): Children {
  try {
    yield* listed(lister, c);
  } catch (error) {
    const dropped = error instanceof SystemFailure && error.code === 'FilterDropped';
    if (!dropped || !isPathSegment(id) || (await exists(session, `${endpoints.enrolment.one}/${pathSegment(id)}`, c))) throw error;
  }
}

async function exists(session: AvniSession, path: string, c: Context): Promise<boolean> {
  return (await session.get(path, { version: '2' }, c)).status !== 404;
}

/** A subject names its enrolments in all programmes, voided ones too. */
async function enrolmentsOf(session: AvniSession, { type }: AvniType, id: string, c: Context): Promise<string[]> {
  const lister = new AvniLister(session, endpoints.subject, type);
  const subject = (await fetchRecords(session, lister, [id], c)).get(id);
  if (!subject) return [];
  return 'body' in subject ? enrolmentsIn(subject.body as Record<string, unknown>) : enrolmentsInList(lister, id, c);
}

/**
 * Of a subject that Avni does not give by itself: its list is looked through, and where it breaks
 * that too, the older form of the API.
 */
async function enrolmentsInList(lister: AvniLister, id: string, c: Context): Promise<string[]> {
  let nameless = false;
  for await (const { records } of changes(lister, null, END, MOST, c)) {
    const found = records.find((record) => record.id === id);
    nameless ||= records.some((record) => record.id === undefined);
    if (found && 'body' in found) return enrolmentsIn(found.body as Record<string, unknown>);
    if (!found) continue;
    const window = { after: moved(found.stamp, -1), until: found.stamp };
    const row = (await lister.older(window, found.slot, 1, c)).rows.find((each) => each.id === id);
    // One that is there no more was changed meanwhile, and comes at the end.
    if (row && !isOdd(row)) return enrolmentsIn(row.body);
    nameless ||= row !== undefined;
  }
  if (nameless) throw unnamed(lister.type);
  return [];
}

function enrolmentsIn({ enrolments: named }: Record<string, unknown>): string[] {
  return Array.isArray(named) ? named.filter((each): each is string => typeof each === 'string') : [];
}

/** To say that it has none would let its program encounters be passed over. */
function unnamed(type: string): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: `Avni neither gives a record of “${type}” whose program encounters are asked for, nor names all that its list breaks on.`,
    remedy: 'Correct the Unreadable records of this type in Avni first.',
  });
}

/**
 * Asked for by subject, enrolments know no time window: their pages are read from the last to the
 * first, since one that changes moves to the end, and then comes as a change. Where a record breaks
 * its page, the older form of the API names them, and each is read by itself.
 */
async function* enrolments(session: AvniSession, lister: AvniLister, c: Context): Children {
  const window = { after: BEGINNING, until: END };
  try {
    const first = await lister.list(window, 0, SIZE, c);
    for (let page = first.totalPages - 1; page > 0; page -= 1)
      yield* recordsOf((await lister.list(window, page, SIZE, c)).rows, lister.endpoint, lister.type);
    const { rows } = first.totalPages > 1 ? await lister.list(window, 0, SIZE, c) : first;
    yield* recordsOf(rows, lister.endpoint, lister.type);
  } catch (error) {
    if (!(error instanceof PageBroken)) throw error;
    for (let page = 0, pages = 1; page < pages; page += 1) {
      const { rows, totalPages } = await olderForm(lister, window, page, c);
      pages = totalPages;
      const ids = rows.flatMap(({ id }) => id ?? []);
      if (ids.length < rows.length) throw unlisted(lister.type);
      yield* (await fetchRecords(session, lister, ids, c)).values();
    }
  }
}

/** A page whose rows are all named, whatever it is that the newer form breaks on. */
async function olderForm(lister: AvniLister, window: Window, page: number, c: Context): ReturnType<AvniLister['older']> {
  try {
    return await lister.older(window, page, SIZE, c);
  } catch (error) {
    throw error instanceof PageBroken ? unlisted(lister.type) : error;
  }
}

function unlisted(type: string): SystemFailure {
  return new SystemFailure({
    code: 'BadResponse',
    message: `Avni cannot list the records of “${type}” that belong to one parent: it fails on one of them, and does not name them.`,
    remedy: 'Correct the Unreadable records of this type in Avni first.',
  });
}
