import type { SimulatedResponse } from '../server.js';
import { constraint, illegal, packed, Refusal } from './answers.js';
import { envelope } from './envelope.js';
import { dateTime, externalId, flag, nameIn, text } from './fields.js';
import { storedObservations } from './observations.js';
import { pageOf } from './parameters.js';
import type { Body, StoredRecord } from './record.js';
import { bodyOf } from './records.js';
import type { RequestContext } from './request-context.js';

const NEEDED = ['type', 'isTerminalStatus', 'metadata'];

/** `GET /api/tasks`, in no order; `undefined` for another path. @throws Refusal */
export function answerTasks({ request, organisation }: RequestContext): SimulatedResponse | undefined {
  if (request.path !== '/api/tasks') return undefined;
  const { query } = request;
  const missing = NEEDED.find((name) => !query.has(name));
  if (missing !== undefined) throw new Refusal({ status: 400, detail: `Required parameter '${missing}' is not present.` });
  const type = organisation.metadata.taskTypes.find(({ name }) => name === query.get('type'));
  const isOver = query.get('isTerminalStatus') === 'true';
  const { page, size } = pageOf(request);
  const found = organisation
    .all()
    .filter((each) => each.kind === 'task' && each.type === type?.name && isOver === type.statuses.get(String(each.body['Task status'])));
  return packed(request, envelope(found.slice(page * size, (page + 1) * size).map(rowOf), found.length, size));
}

/**
 * `POST /api/task`: an upsert on the External ID, which gives the task another id each time. There
 * is no audit of it. @throws Refusal
 */
export function writeTask(c: RequestContext): SimulatedResponse | undefined {
  const { request, organisation, user } = c;
  if (request.path !== '/api/task' || request.method !== 'POST') return undefined;
  const { metadata } = organisation;
  const given = bodyOf(c);
  const external = externalId(given['External ID']);
  const existing = external === null ? undefined : organisation.withExternalId('task', external);
  const type = nameIn(metadata.taskTypes, 'Task type', given['Task type']);
  const status = text(given['Task status']);
  if (status === null || !type.statuses.has(status)) throw illegal(`Task status not found with name '${status ?? 'null'}'`);
  const subject = subjectOf(given, c);
  const body: Body = {
    'External ID': external,
    'Task type': type.name,
    'Task status': status,
    Name: text(given['Name']),
    'Scheduled on': dateTime(given['Scheduled on']),
    'Completed on': dateTime(given['Completed on']),
    metadata: storedObservations(given['metadata'], metadata),
    observations: storedObservations(given['observations'], metadata),
    'Assigned to': text(given['Assigned to']) ?? undefined,
    'Subject ID': subject?.id,
    'Subject external ID': subject?.body['External ID'] ?? undefined,
  };
  for (const name of ['Name', 'Scheduled on'] as const)
    if (body[name] === null) throw constraint(`null value in column "${name}" of relation "task"`);
  const voided = flag(given['Voided']);
  if (!existing) return packed(request, rowOf(organisation.add('task', type.name, body, { voided, by: user.username })));
  const changed = organisation.change(existing.id, { body, voided, type: type.name, by: user.username });
  organisation.renumber(changed);
  return packed(request, rowOf(changed));
}

function subjectOf(given: Body, { organisation }: RequestContext): StoredRecord | undefined {
  const [id, external] = [text(given['Subject ID']), externalId(given['Subject external ID'])];
  if (id === null && external === null) return undefined;
  const found =
    (id === null ? undefined : organisation.get(id)) ?? (external === null ? undefined : organisation.withExternalId('subject', external));
  if (found?.kind !== 'subject') throw illegal(`Individual not found with UUID '${id ?? 'null'}' or External ID '${external ?? 'null'}'`);
  return found;
}

function rowOf({ id, voided, body }: StoredRecord): Body {
  return { ...Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)), ID: id, Voided: voided };
}
