import { illegal } from './answers.js';
import { withFields, type Draft, type Write } from './draft.js';
import { dateTime, externalId, nameIn, patchedPoint, point, text } from './fields.js';
import { patchedObservations, storedObservations } from './observations.js';
import type { Body, StoredRecord } from './record.js';
import { getOwn, setOwn } from '../../model/keyed.js';

/** What a write makes of a general encounter. @throws Refusal */
export function draftEncounter(write: Write): Draft {
  const subject = write.method === 'POST' ? subjectOf(write) : undefined;
  const parent = subject ? { 'Subject ID': subject.id, 'Subject type': subject.type } : parentOf(write, ['Subject ID', 'Subject type']);
  return draftVisit(write, parent);
}

/**
 * What a write makes of a visit within a program: it has a date or was cancelled, never both.
 * @throws Refusal
 */
export function draftProgramEncounter(write: Write): Draft {
  const draft = draftVisit(
    write,
    write.method === 'POST' ? enrolmentOf(write) : parentOf(write, ['Enrolment ID', 'Program', 'Subject ID', 'Subject type']),
  );
  const both = draft.body['Encounter date time'] !== null && draft.body['Cancel date time'] !== null;
  return both
    ? {
        ...draft,
        violates: 'new row for relation "program_encounter" violates check constraint "program_encounter_cannot_cancel_and_perform_check"',
      }
    : draft;
}

function draftVisit({ method, given, existing, organisation, request }: Write, parent: Body): Draft {
  const patch = method === 'PATCH';
  const { metadata } = organisation;
  const typeName = patch && !('Encounter type' in given) ? existing?.type : given['Encounter type'];
  const type = nameIn(metadata.encounterTypes, 'Encounter type', typeName);
  const place = (value: unknown): unknown => (patch ? patchedPoint(value, request.body) : point(value));
  const base = patch ? (existing?.body ?? {}) : {};
  const body: Body = {
    ...withFields(
      base,
      given,
      {
        'Encounter date time': dateTime,
        'Earliest scheduled date': dateTime,
        'Max scheduled date': dateTime,
        'Cancel date time': dateTime,
        'Encounter Coordinates': place,
        'Cancel location': place,
      },
      patch,
    ),
    ...parent,
    'Encounter type': type.name,
  };
  // Both collections are touched by every PATCH, also by one that names neither.
  for (const name of ['observations', 'cancelObservations'])
    setOwn(
      body,
      name,
      patch ? patchedObservations(stored(base, name), getOwn(given, name), metadata) : storedObservations(getOwn(given, name), metadata),
    );
  const undated = !body['Encounter date time'] && !body['Earliest scheduled date'];
  return { type: type.name, body, invalid: undated ? 'Both encounter datetime and earliest visit datetime cannot be null' : undefined };
}

/** What was never said is empty; null, which only the phones’ own API can store, stays null. */
function stored(body: Body, name: string): unknown {
  return Object.hasOwn(body, name) ? getOwn(body, name) : {};
}

function parentOf({ existing }: Write, names: string[]): Body {
  return Object.fromEntries(names.map((name) => [name, getOwn(existing?.body, name)]));
}

function subjectOf({ given, organisation }: Write): StoredRecord {
  const [id, external] = [text(given['Subject ID']), externalId(given['Subject external ID'])];
  const found =
    (id === null ? undefined : organisation.find('subject', id)[0]) ??
    (external === null ? undefined : organisation.withExternalId('subject', external));
  if (!found) throw illegal(`Individual not found with UUID '${id ?? 'null'}' or External ID '${external ?? 'null'}'`);
  return found;
}

function enrolmentOf({ given, organisation }: Write): Body {
  const [id, external] = [text(given['Enrolment ID']), externalId(given['Enrolment external ID'])];
  const found =
    (id === null ? undefined : organisation.find('enrolment', id)[0]) ??
    (external === null ? undefined : organisation.withExternalId('enrolment', external));
  if (!found) throw illegal(`ProgramEnrolment not found with UUID '${id ?? 'null'}' or External ID '${external ?? 'null'}'`);
  return {
    'Enrolment ID': found.id,
    Program: found.type,
    'Subject ID': found.body['Subject ID'],
    'Subject type': found.body['Subject type'],
  };
}
