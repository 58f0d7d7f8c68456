import { gzipSync } from 'node:zlib';
import type { SimulatedRequest, SimulatedResponse } from '../server.js';
import type { AvniKind, AvniOrganisation, StoredRecord } from './organisation.js';

interface Endpoint {
  kind: AvniKind;
  parameter: string;
  field: string;
}

const LISTS: Readonly<Record<string, Endpoint>> = {
  '/api/subjects': { kind: 'subject', parameter: 'subjectType', field: 'Subject type' },
  '/api/programEnrolments': { kind: 'enrolment', parameter: 'program', field: 'Program' },
  '/api/programEncounters': { kind: 'programEncounter', parameter: 'encounterType', field: 'Encounter type' },
  '/api/encounters': { kind: 'encounter', parameter: 'encounterType', field: 'Encounter type' },
};

const SINGLES: Readonly<Record<string, AvniKind>> = {
  subject: 'subject',
  programEnrolment: 'enrolment',
  programEncounter: 'programEncounter',
  encounter: 'encounter',
};

/** A stored value of a Date concept that is no date: version 2 of the API fails on it (Avni server, observed). */
export const UNREADABLE = 'Last check date';

/** Lists and single records as an Avni server gives them; `undefined` for a path that it does not have. */
export function answerRead(request: SimulatedRequest, organisation: AvniOrganisation): SimulatedResponse | undefined {
  const endpoint = LISTS[request.path];
  if (endpoint) return list(request, endpoint, organisation);
  const [, area, name = '', id = ''] = request.path.split('/');
  const kind = area === 'api' ? SINGLES[name] : undefined;
  if (!kind || id === '') return undefined;
  const record = organisation.get(decodeURIComponent(id));
  if (!record || record.kind !== kind) return { status: 404 };
  return unreadable(record, request) ? failure() : packed(request, rowOf(record, true));
}

function list(request: SimulatedRequest, { kind, parameter }: Endpoint, organisation: AvniOrganisation): SimulatedResponse {
  const { query } = request;
  const type = query.get(parameter) || undefined;
  const [after, until] = [instantOf(query.get('lastModifiedDateTime')), instantOf(query.get('now'))];
  if (after === 'bad' || until === 'bad')
    return { status: 400, headers: { connection: 'close' }, body: { type: 'about:blank', title: 'Bad Request', status: 400 } };
  if (kind === 'enrolment' && after === undefined) return { status: 400, headers: { connection: 'close' } };
  // Inclusive only where concepts are searched for; an unknown type of program encounter is dropped silently.
  const inclusive = kind === 'encounter' && query.has('concepts');
  const known = kind !== 'programEncounter' || type === undefined || organisation.list(kind, type, 0, Number.MAX_SAFE_INTEGER).length > 0;
  const from = after === undefined ? 0 : inclusive ? after : after + 1;
  const to = after === undefined || until === undefined ? Number.MAX_SAFE_INTEGER - 1 : inclusive ? until : until - 1;
  const rows = to < from ? [] : organisation.list(kind, known ? type : undefined, from, to);
  const size = Math.min(positive(query.get('size')) ?? 20, 1000);
  const page = positive(query.get('page')) ?? 0;
  const content = rows.slice(page * size, (page + 1) * size);
  if (content.some((record) => unreadable(record, request))) return failure();
  const withType = kind !== 'subject' || type === undefined;
  return packed(request, {
    content: content.map((record) => rowOf(record, withType)),
    totalElements: content.length,
    totalPages: Math.ceil(rows.length / size),
    pageSize: size,
  });
}

/** One row of the API. Rows of subjects lack their type where it was asked for. */
function rowOf(record: StoredRecord, withType: boolean): Record<string, unknown> {
  const { 'Subject type': subjectType, ...rest } = record.body;
  return {
    ...(withType && subjectType !== undefined
      ? { 'Subject type': subjectType }
      : record.kind === 'subject'
        ? {}
        : { 'Subject type': subjectType }),
    ID: record.id,
    Voided: record.voided,
    ...rest,
    audit: {
      'Created at': iso(record.createdAt),
      'Last modified at': iso(record.stamp),
      'Created by': 'worker@demo',
      'Last modified by': 'worker@demo',
    },
  };
}

function unreadable(record: StoredRecord, { query }: SimulatedRequest): boolean {
  const value = (record.body['observations'] as Record<string, unknown> | undefined)?.[UNREADABLE];
  return Number(query.get('version') ?? '1') >= 2 && typeof value === 'string' && Number.isNaN(Date.parse(value));
}

function failure(): SimulatedResponse {
  return {
    status: 500,
    headers: { connection: 'close' },
    body: 'java.lang.IllegalArgumentException: Invalid format\n\tat org.joda.time.format.DateTimeFormatter.parseDateTime(DateTimeFormatter.java:945)',
  };
}

function packed(request: SimulatedRequest, body: unknown): SimulatedResponse {
  const text = JSON.stringify(body);
  if (text.length < 2048 || !/gzip/.test(String(request.headers['accept-encoding'] ?? ''))) return { status: 200, body };
  return { status: 200, headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' }, body: gzipSync(text, { level: 1 }) };
}

function instantOf(text: string | null): number | undefined | 'bad' {
  if (text === null) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? 'bad' : time;
}

function positive(text: string | null): number | undefined {
  const value = Number(text);
  return text !== null && Number.isInteger(value) && value > 0 ? value : undefined;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
