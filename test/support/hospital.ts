import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { StoredRecord } from '../../src/simulators/avni/organisation.js';
import type { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import type { FhirRepository } from '../../src/simulators/fhir/repository.js';
import { resourceId } from '../../src/connectors/derived-id.js';

export const HOSPITAL = fileURLToPath(new URL('../../integrations/hospital', import.meta.url));

/** What a hospital's staff enter in its EMR. */
export class HospitalDesk {
  constructor(private readonly repository: FhirRepository) {}

  /** The Patient that Sangam writes, or will write, from this beneficiary. */
  static patientOf(subject: string): string {
    return `Patient/${resourceId('hospital', 'Beneficiary', [], subject, 'main')}`;
  }

  register(mrn: string, family: string): void {
    this.put({
      resourceType: 'Patient',
      id: mrn,
      meta: { tag: [{ system: 'urn:hospital', code: 'registered-here' }] },
      identifier: [{ system: 'urn:hospital:mrn', value: mrn, period: { start: '2026-11-01' } }],
      active: true,
      name: [{ given: ['Asha'], family }],
      gender: 'female',
      birthDate: '1990-05-05',
    });
  }

  report(id: string, patient: string, haemoglobin: number, more: object = {}): void {
    const subject = { reference: patient };
    const at = { effectiveDateTime: '2026-11-20T10:00:00+05:30' };
    const code = { coding: [{ system: 'http://loinc.org', code: '718-7' }] };
    const value = { value: haemoglobin, unit: 'g/dL', system: 'http://unitsofmeasure.org', code: 'g/dL' };
    this.put({ resourceType: 'Observation', id: `${id}-hb`, status: 'final', code, subject, ...at, valueQuantity: value });
    this.put({
      ...{ resourceType: 'DiagnosticReport', id, status: 'final', subject, ...at },
      category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
      code: { text: 'Haemoglobin' },
      result: [{ reference: `Observation/${id}-hb` }],
      conclusion: 'Seen by the laboratory',
      ...more,
    });
  }

  refer(id: string, patient: string, status = 'active'): void {
    this.put({
      ...{ resourceType: 'ServiceRequest', id, status, intent: 'order', subject: { reference: patient } },
      category: [{ coding: [{ system: 'http://snomed.info/sct', code: '3457005' }] }],
      occurrencePeriod: { start: '2026-12-01T09:00:00+05:30', end: '2026-12-08T18:00:00+05:30' },
    });
  }

  private put(resource: { resourceType: string; [element: string]: unknown }): void {
    this.repository.put(resource as never);
  }
}

/** Records of Avni of one type, without those that are voided. */
export function recordsOf(organisation: AvniOrganisation, type: string): StoredRecord[] {
  return organisation.all().filter((each) => each.type === type && !each.voided);
}

/**
 * Of everything in both systems, what tells whether anything of it was written: a stamp or a
 * version.
 */
export function stampsOf(organisation: AvniOrganisation, repository: FhirRepository): string {
  const avni = organisation.all().map(({ id, stamp }) => `${id} ${stamp}`);
  const fhir = repository.all().map(({ resourceType, id, meta }) => `${resourceType}/${id} ${meta?.versionId}`);
  return createHash('sha256')
    .update([...avni, ...fhir].sort().join('\n'))
    .digest('hex');
}
