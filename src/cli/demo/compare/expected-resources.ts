import { getOwn } from '../../../model/keyed.js';
import { observationsOf, type AvniRecord } from './avni-record.js';
import type { Refer } from './expectation.js';

const GENDERS: Readonly<Record<string, string>> = { Female: 'female', Male: 'male', Other: 'other' };

/** What the ready definitions both make of a person: a Patient. */
export function patient(record: AvniRecord): Record<string, unknown> {
  const observations = observationsOf(record);
  const location = (record.body['location'] ?? {}) as Record<string, unknown>;
  return {
    identifier: [{ system: 'urn:avni:subject', value: record.ID }],
    active: true,
    name: [{ given: [observations['First name']], family: observations['Last name'] }],
    gender: getOwn(GENDERS, String(observations['Gender'])),
    birthDate: observations['Date of birth'],
    address: [{ city: location['Village'], district: location['District'], state: location['State'], country: 'IN' }],
  };
}

/** What they make of an enrolment: an EpisodeOfCare. */
export function episode({ body }: AvniRecord, refer: Refer): Record<string, unknown> {
  const exit = body['Exit datetime'] ?? undefined;
  return {
    status: exit === undefined ? 'active' : 'finished',
    type: [{ text: body['Program'] }],
    patient: refer('Beneficiary', body['Subject ID']),
    period: { start: body['Enrolment datetime'], end: exit },
  };
}

/** What they make of a visit of whatever kind: an Encounter. */
export function visit({ body }: AvniRecord, refer: Refer): Record<string, unknown> {
  return {
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'FLD', display: 'field' },
    type: [{ text: body['Encounter type'] }],
    subject: refer('Beneficiary', body['Subject ID']),
    period: { start: body['Encounter date time'] },
  };
}

/** The same of a visit within a programme. */
export function visitOfProgramme(record: AvniRecord, refer: Refer): Record<string, unknown> {
  return { ...visit(record, refer), episodeOfCare: [refer('Enrolment', record.body['Enrolment ID'])] };
}
