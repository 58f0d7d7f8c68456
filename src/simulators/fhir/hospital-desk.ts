import type { Resource } from './resource.js';

const AT = { effectiveDateTime: '2026-11-20T10:00:00+05:30' };

/** Somebody whom a hospital registers itself, as integrations/hospital reads it. */
export function registration(mrn: string, family: string, more: object = {}): Resource {
  return {
    resourceType: 'Patient',
    id: mrn,
    meta: { tag: [{ system: 'urn:hospital', code: 'registered-here' }] },
    identifier: [{ system: 'urn:hospital:mrn', value: mrn, period: { start: '2026-11-01' } }] as Resource['identifier'] & object,
    active: true,
    name: [{ given: ['Asha'], family }],
    gender: 'female',
    birthDate: '1990-05-05',
    ...more,
  };
}

/**
 * A laboratory’s report on a patient, behind the Observation it refers to; `more` is the report’s.
 */
export function labReport(id: string, patient: string, haemoglobin: number, more: object = {}): Resource[] {
  const subject = { reference: patient };
  const code = { coding: [{ system: 'http://loinc.org', code: '718-7' }] };
  const value = { value: haemoglobin, unit: 'g/dL', system: 'http://unitsofmeasure.org', code: 'g/dL' };
  return [
    { resourceType: 'Observation', id: `${id}-hb`, status: 'final', code, subject, ...AT, valueQuantity: value },
    {
      ...{ resourceType: 'DiagnosticReport', id, status: 'final', subject, ...AT },
      category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
      code: { text: 'Haemoglobin' },
      result: [{ reference: `Observation/${id}-hb` }],
      conclusion: 'Seen by the laboratory',
      ...more,
    },
  ];
}

/** A patient who is to be seen in the field. */
export function referral(id: string, patient: string, status = 'active'): Resource {
  return {
    ...{ resourceType: 'ServiceRequest', id, status, intent: 'order', subject: { reference: patient } },
    category: [{ coding: [{ system: 'http://snomed.info/sct', code: '3457005' }] }],
    occurrencePeriod: { start: '2026-12-01T09:00:00+05:30', end: '2026-12-08T18:00:00+05:30' },
  };
}
