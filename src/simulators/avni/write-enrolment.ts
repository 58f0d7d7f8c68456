import { illegal } from './answers.js';
import { withFields, type Draft, type Write } from './draft.js';
import { dateTime, externalId, nameIn, point, text } from './fields.js';
import { storedObservations } from './observations.js';
import type { Body } from './record.js';

/**
 * What a write makes of an enrolment. A second active one in the same program is taken. @throws
 * Refusal
 */
export function draftEnrolment(write: Write): Draft {
  const { method, given, existing, organisation } = write;
  const { metadata } = organisation;
  const program = nameIn(metadata.programs, 'Program', given['Program']);
  const parent =
    method === 'POST' ? subjectOf(write) : { 'Subject ID': existing?.body['Subject ID'], 'Subject type': existing?.body['Subject type'] };
  const fields = { 'Enrolment datetime': dateTime, 'Exit datetime': dateTime, 'Enrolment Coordinates': point, 'Exit location': point };
  const body: Body = {
    ...withFields({}, given, fields, false),
    ...parent,
    Program: program.name,
    observations: storedObservations(given['observations'], metadata),
    exitObservations: storedObservations(given['exitObservations'], metadata),
  };
  const violates = 'null value in column "enrolment_date_time" of relation "program_enrolment" violates not-null constraint';
  return { type: program.name, body, ...(body['Enrolment datetime'] === null ? { violates } : {}) };
}

/** `Subject ID` is a UUID here, and nothing else. */
function subjectOf({ given, organisation }: Write): Body {
  const [id, external] = [text(given['Subject ID']), externalId(given['Subject external ID'])];
  const byId = id === null ? undefined : organisation.get(id);
  const found = byId?.kind === 'subject' ? byId : external === null ? undefined : organisation.withExternalId('subject', external);
  if (!found) throw illegal(`Individual not found with UUID '${id ?? 'null'}' or External ID '${external ?? 'null'}'`);
  return { 'Subject ID': found.id, 'Subject type': found.type };
}
