import { getOwn } from '../../../model/keyed.js';
import type { AvniRecord } from './avni-record.js';
import { hasCategory, hasTag, type FhirResource } from './fhir-resource.js';

/** The process that the demo runs. */
export const PROCESS = 'hospital/care';

/** Entity types of integrations/hospital, in the order they go. */
export const TO_EMR = ['Beneficiary', 'Enrolment', 'Visit'] as const;
export const TO_AVNI = ['Registration', 'LabResult', 'Referral'] as const;

const OF_AVNI: Readonly<Record<string, (typeof TO_EMR)[number]>> = {
  'subject Beneficiary': 'Beneficiary',
  'enrolment Nutrition': 'Enrolment',
  'programEncounter Growth monitoring': 'Visit',
};

/** The entity type that carries a record to the EMR; undefined where none does. */
export function typeToEmr({ kind, type }: AvniRecord): (typeof TO_EMR)[number] | undefined {
  return getOwn(OF_AVNI, `${kind} ${type}`);
}

/** The entity type that carries a resource to Avni; undefined where none does. */
export function typeToAvni(resource: FhirResource): (typeof TO_AVNI)[number] | undefined {
  switch (resource.resourceType) {
    case 'Patient':
      return hasTag(resource, 'urn:hospital', 'registered-here') ? 'Registration' : undefined;
    case 'DiagnosticReport':
      return hasCategory(resource, 'LAB') ? 'LabResult' : undefined;
    case 'ServiceRequest':
      return hasCategory(resource, '3457005') ? 'Referral' : undefined;
    default:
      return undefined;
  }
}
