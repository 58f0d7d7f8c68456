import { readJson } from '../../json/json.js';
import type { SimulatedResponse } from '../server.js';
import { illegal, notUnique, packed, Refusal, unreadableRequest } from './answers.js';
import { save, type Draft, type Method, type Write } from './draft.js';
import { externalId } from './fields.js';
import { mayDo } from './privileges.js';
import type { AvniKind, Body, StoredRecord } from './record.js';
import type { RequestContext } from './request-context.js';
import { rowOf } from './rows.js';
import { draftEnrolment } from './write-enrolment.js';
import { draftSubject, restampFamily } from './write-subject.js';
import { draftEncounter, draftProgramEncounter } from './write-visit.js';
import { getOwn } from '../../model/keyed.js';

interface Endpoint {
  kind: AvniKind;
  draft: (write: Write) => Draft;
  patch: boolean;
  /** How the server names it where it is not found. */
  called: string;
}

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  subject: { kind: 'subject', draft: draftSubject, patch: true, called: 'Subject' },
  programEnrolment: { kind: 'enrolment', draft: draftEnrolment, patch: false, called: 'ProgramEnrolment' },
  programEncounter: { kind: 'programEncounter', draft: draftProgramEncounter, patch: false, called: 'Encounter' },
  encounter: { kind: 'encounter', draft: draftEncounter, patch: true, called: 'Encounter' },
};

/** One record: reading, writing, voiding; `undefined` for a path that is none. @throws Refusal */
export function answerRecord(c: RequestContext): SimulatedResponse | undefined {
  const [, area, name = '', id, ...more] = c.request.path.split('/');
  const endpoint = area === 'api' && more.length === 0 ? getOwn(ENDPOINTS, name) : undefined;
  if (!endpoint) return undefined;
  const { method } = c.request;
  if (id === undefined) return method === 'POST' ? write(c, endpoint, 'POST', undefined) : notAllowed(method);
  // The container refuses these before the server sees them.
  if (/%2f/i.test(id)) throw new Refusal({ status: 400, html: true });
  if (/;|%3b/i.test(id)) throw new Refusal({ status: 400, bare: true });
  const known = decodeURIComponent(id);
  if (method === 'GET') return read(c, endpoint, known);
  if (method === 'DELETE') return remove(c, endpoint, known);
  if (method === 'PUT' || (method === 'PATCH' && endpoint.patch)) return write(c, endpoint, method, known);
  return notAllowed(method);
}

function notAllowed(method: string): never {
  throw new Refusal({ status: 405, detail: `Method '${method}' is not supported.` });
}

function find({ organisation }: RequestContext, { kind }: Endpoint, id: string): StoredRecord | undefined {
  const [found, another] = organisation.find(kind, id);
  if (another) throw notUnique();
  return found;
}

function read(c: RequestContext, endpoint: Endpoint, id: string): SimulatedResponse {
  const record = find(c, endpoint, id);
  if (!record) return { status: 404 };
  mayDo('view', [record], c.user, c.organisation.metadata);
  return packed(c.request, rowOf(record, c.organisation, c));
}

/** Voids it, and nothing that belongs to it. */
function remove(c: RequestContext, endpoint: Endpoint, id: string): SimulatedResponse {
  const record = find(c, endpoint, id);
  if (!record) return { status: 404 };
  // An enrolment is voided first, and the privilege looked at afterwards.
  if (endpoint.kind !== 'enrolment') mayDo('void', [record], c.user, c.organisation.metadata);
  if (!record.voided) c.organisation.change(record.id, { voided: true, by: c.user.username });
  mayDo('void', [record], c.user, c.organisation.metadata);
  return packed(c.request, rowOf(record, c.organisation, c));
}

function write(c: RequestContext, endpoint: Endpoint, method: Method, id: string | undefined): SimulatedResponse {
  const { kind } = endpoint;
  const given = bodyOf(c);
  const existing = id === undefined ? byExternalId(c, kind, given) : existingOf(c, endpoint, id, given);
  const before = existing?.body['Location ID'];
  const isNew = existing === undefined;
  const { record, moved } = save(kind, endpoint.draft({ ...c, method, given, existing }), { ...c, method, given, existing });
  if (!isNew && kind === 'subject' && record.body['Location ID'] !== before) restampFamily(record, c);
  const earlier = moved && (!isNew || kind === 'enrolment') ? c.settings.replyEarlier : 0;
  return packed(c.request, rowOf(record, c.organisation, { version: c.version, withGroups: false, earlier }));
}

/**
 * By UUID, of visits and enrolments also by External ID; else by the External ID in the body.
 * @throws Refusal 500
 */
function existingOf(c: RequestContext, { kind, called }: Endpoint, id: string, given: Body): StoredRecord {
  const byId = kind === 'subject' ? c.organisation.get(id) : c.organisation.find(kind, id)[0];
  const found = byId?.kind === kind ? byId : byExternalId(c, kind, given);
  if (!found) throw illegal(`${called} not found with id '${id}' or External ID '${externalId(given['External ID']) ?? 'null'}'`);
  return found;
}

function byExternalId({ organisation }: RequestContext, kind: AvniKind, given: Body): StoredRecord | undefined {
  const external = externalId(given['External ID']);
  return external === null ? undefined : organisation.withExternalId(kind, external);
}

/** The body of a write. @throws Refusal */
export function bodyOf({ request }: RequestContext): Body {
  const type = request.headers['content-type'] ?? 'application/octet-stream';
  if (!/json/.test(type)) throw new Refusal({ status: 415, detail: `Content-Type '${type}' is not supported.` });
  let body: unknown;
  try {
    body = readJson(request.body);
  } catch {
    throw unreadableRequest();
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw unreadableRequest();
  return body as Body;
}
