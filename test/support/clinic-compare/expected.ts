import { observationsOf, type AvniRecord } from '../../../src/cli/demo/compare/avni-record.js';
import type { Expectation, Expected, Refer } from '../../../src/cli/demo/compare/expectation.js';
import { episode, patient, visit, visitOfProgramme } from '../../../src/cli/demo/compare/expected-resources.js';
import { getOwn } from '../../../src/model/keyed.js';
import { answersTo } from './answers.js';
import { growthObservations, healthCheckObservations } from './expected-observations.js';

const LANGUAGES: Record<string, string> = {
  Hindi: 'hi',
  Kannada: 'kn',
  Marathi: 'mr',
  Gujarati: 'gu',
  Telugu: 'te',
  Tamil: 'ta',
  English: 'en',
};
const SYMPTOMS: Record<string, string> = { Fever: '386661006', Cough: '49727002', Fatigue: '84229001', Oedema: '267038008' };

const ENTITY_TYPES = {
  subject: 'Beneficiary',
  enrolment: 'Enrolment',
  programEncounter: 'Growth',
  encounter: 'HealthCheck',
  task: undefined,
  groupSubject: undefined,
  approvalStatus: undefined,
} as const;

/** What integrations/clinic.yaml makes of Avni’s records. */
export const clinicExpectation: Expectation = {
  process: 'clinic/maternal-health',
  entityTypeOf: ({ kind }) => ENTITY_TYPES[kind],
  marks: (entityType) => entityType === 'Beneficiary' || entityType === 'Enrolment',
  expectedOf,
  isItsOwn: () => false,
};

function expectedOf(record: AvniRecord, refer: Refer): Expected[] {
  switch (record.kind) {
    case 'subject':
      return [{ type: 'Patient', content: beneficiary(record) }];
    case 'enrolment':
      return [{ type: 'EpisodeOfCare', content: episode(record, refer) }];
    case 'programEncounter':
      return [
        { type: 'Encounter', content: visitOfProgramme(record, refer) },
        ...growthObservations(record, { ...about(record, refer), encounter: refer('Growth', record.ID) }),
      ];
    case 'encounter':
      return [
        { type: 'Encounter', content: { ...visit(record, refer), reasonCode: filled(reasons(record)) } },
        ...healthCheckObservations(record, { ...about(record, refer), encounter: refer('HealthCheck', record.ID) }),
      ];
    case 'approvalStatus':
    case 'groupSubject':
    case 'task':
      return [];
  }
}

function beneficiary(record: AvniRecord): Record<string, unknown> {
  const observations = observationsOf(record);
  const household = (observations['Household'] ?? {}) as Record<string, unknown>;
  const [phone, head] = [observations['Phone number'], household['Head of household']];
  const languages = answersTo('Languages spoken', record).map((text) => ({
    language: { coding: [{ system: 'urn:ietf:bcp:47', code: getOwn(LANGUAGES, text) ?? 'und' }], text },
  }));
  return {
    ...patient(record),
    telecom: phone !== undefined ? [{ system: 'phone', value: String(phone) }] : undefined,
    communication: filled(languages),
    contact: head !== undefined ? [{ relationship: [{ text: 'Head of household' }], name: { text: head } }] : undefined,
  };
}

/** Whom an observation is about, and when it was made. */
function about({ body }: AvniRecord, refer: Refer): Record<string, unknown> {
  return { subject: refer('Beneficiary', body['Subject ID']), effectiveDateTime: body['Encounter date time'] };
}

function reasons(record: AvniRecord): object[] {
  return answersTo('Symptoms', record).map((text) => ({
    coding: [{ system: 'http://snomed.info/sct', code: getOwn(SYMPTOMS, text) }],
    text,
  }));
}

/** FHIR has no empty lists. */
function filled<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
