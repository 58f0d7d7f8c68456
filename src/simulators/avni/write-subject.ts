import { nullPointer } from './answers.js';
import { addressOf, locationBody } from './addresses.js';
import { withFields, type Draft, type Write } from './draft.js';
import { date, nameIn, patchedPoint, point, text } from './fields.js';
import { patchedObservations, storedObservations } from './observations.js';
import type { SubjectType } from './metadata.js';
import type { Body, StoredRecord } from './record.js';
import { getOwn } from '../../model/keyed.js';

/** They go in beside the observations, and come out inside them. */
const NAMES = ['First name', 'Middle name', 'Last name', 'Date of birth', 'Gender'];

/** What a write makes of a subject. @throws Refusal */
export function draftSubject(write: Write): Draft {
  const { method, given, existing, organisation, request } = write;
  const patch = method === 'PATCH';
  const { metadata } = organisation;
  const typeName = patch && !('Subject type' in given) ? existing?.type : given['Subject type'];
  const type = nameIn(metadata.subjectTypes, 'Subject type', typeName);
  const stored = (existing?.body['observations'] ?? {}) as Body;
  const coordinates = (value: unknown): unknown => (patch ? patchedPoint(value, request.body) : point(value));
  const fields = { 'Registration date': date, 'Registration Coordinates': coordinates };
  const plain = withFields(patch ? (existing?.body ?? {}) : {}, given, fields, patch);
  const names = namesOf(write, type, patch ? stored : {});
  const address = addressBody(write, type);
  const body: Body = { ...plain, 'Subject type': type.name, ...address, observations: { ...names, ...answersOf(write, stored) } };
  return {
    type: type.name,
    body,
    invalid: invalidity(names, body, type, metadata.genders),
    violates:
      body['Registration date'] === null && type.person
        ? 'null value in column "registration_date" of relation "individual" violates not-null constraint'
        : undefined,
  };
}

function answersOf({ method, given, organisation: { metadata } }: Write, stored: Body): Body {
  if (method !== 'PATCH') return storedObservations(given['observations'], metadata);
  const own = Object.fromEntries(Object.entries(stored).filter(([name]) => !NAMES.includes(name)));
  return 'observations' in given ? patchedObservations(own, given['observations'], metadata) : own;
}

function namesOf({ given, method }: Write, type: SubjectType, base: Body): Body {
  const read = (name: string, how: (value: unknown) => unknown): Body => {
    if (method === 'PATCH' && !Object.hasOwn(given, name)) return Object.hasOwn(base, name) ? { [name]: getOwn(base, name) } : {};
    const value = how(getOwn(given, name));
    return value === null && name !== 'First name' ? {} : { [name]: value };
  };
  const first = read('First name', text);
  const names = { ...first, ...read('Last name', text) };
  if (!type.person) return names;
  return { ...names, ...read('Date of birth', date), ...read('Gender', text) };
}

function invalidity(names: Body, body: Body, type: SubjectType, genders: string[]): string | undefined {
  if (typeof names['First name'] !== 'string') return 'First name cannot be null';
  if (type.person) return genders.includes(String(names['Gender'])) ? undefined : 'Gender cannot be null for Person subject type';
  return body['Registration date'] === null ? 'Registration date cannot be null' : undefined;
}

function addressBody({ method, given, existing, organisation, version }: Write, type: SubjectType): Body {
  const stored = existing?.body;
  const kept = stored ? { location: stored['location'], 'Location ID': stored['Location ID'] } : {};
  if (method === 'PATCH' && !('Address' in given) && !('Address map' in given)) return kept;
  const place = addressOf(given, type, version, organisation.metadata);
  if (!place) return kept;
  if (stored && stored['Location ID'] === undefined)
    throw nullPointer('Cannot invoke "org.avni.server.domain.AddressLevel.getId()" because "oldAddressLevel" is null');
  // Records that were made without this server’s metadata keep what they show, where the place is
  // the same.
  return stored?.['Location ID'] === place.uuid ? kept : locationBody(place);
}

/**
 * A change of address stamps all that belongs to a subject alike, a little earlier than the subject
 * itself.
 */
export function restampFamily(subject: StoredRecord, { organisation }: Pick<Write, 'organisation'>): void {
  const family = organisation.childrenOf(subject.id).filter(({ kind }) => kind !== 'groupSubject');
  const below = family.flatMap(({ id }) => organisation.childrenOf(id));
  organisation.bulkUpdate(
    [...new Set([...family, ...below])].map(({ id }) => id),
    subject.stamp,
  );
  organisation.change(subject.id, {}, subject.stamp + 1);
}
