import { getOwn } from '../../../model/keyed.js';
import { codeOf, sourceOf, type FhirResource } from './fhir-resource.js';
import { resultsOf } from './expected-in-emr.js';
import type { TO_AVNI } from './hospital-types.js';
import { PROCESS, typeToAvni } from './hospital-types.js';

type TypeToAvni = (typeof TO_AVNI)[number];

/** The type in Avni of what comes back. */
export const BACK_TYPES: Readonly<Record<TypeToAvni, string>> = {
  Registration: 'EMR patient',
  LabResult: 'Lab result',
  Referral: 'Referral',
};

const GENDERS: Readonly<Record<string, string>> = { female: 'Female', male: 'Male', other: 'Other', unknown: 'Other' };
const BENEFICIARY = `${PROCESS}/Beneficiary/`;

type Period = { start?: string; end?: string } | undefined;

/**
 * What integrations/hospital makes of a resource of the EMR: fields of a record in Avni, said a
 * second time in plain code; undefined where it is not wanted there.
 */
export function expectedInAvni(
  resource: FhirResource,
  byReference: ReadonlyMap<string, FhirResource>,
): Record<string, unknown> | undefined {
  switch (typeToAvni(resource)) {
    case 'Registration':
      return resource['active'] === false ? undefined : registration(resource);
    case 'LabResult':
      return ['final', 'amended', 'corrected'].includes(String(resource['status'])) ? labResult(resource, byReference) : undefined;
    case 'Referral':
      return resource['status'] === 'active' ? referral(resource, byReference) : undefined;
    default:
      return undefined;
  }
}

function registration(resource: FhirResource): Record<string, unknown> {
  const [name] = resource['name'] as { given?: string[]; family?: string }[];
  const identifiers = resource['identifier'] as { system?: string; value?: string; period?: Period }[];
  const mrn = identifiers.find(({ system }) => system === 'urn:hospital:mrn');
  return {
    'Registration date': mrn?.period?.start,
    observations: {
      'First name': name?.given?.[0],
      'Last name': name?.family,
      Gender: getOwn(GENDERS, String(resource['gender'])),
      'Date of birth': resource['birthDate'],
      'Health ID': mrn?.value,
    },
  };
}

function labResult(report: FhirResource, byReference: ReadonlyMap<string, FhirResource>): Record<string, unknown> {
  const results = resultsOf(report).flatMap((reference) => byReference.get(reference) ?? []);
  const haemoglobin = results.find((each) => codeOf(each) === '718-7')?.['valueQuantity'] as { value?: number } | undefined;
  return {
    'Subject ID': subjectOf(report, byReference),
    'Encounter date time': report['effectiveDateTime'],
    observations: { Haemoglobin: haemoglobin?.value, 'Lab remarks': report['conclusion'] },
  };
}

function referral(request: FhirResource, byReference: ReadonlyMap<string, FhirResource>): Record<string, unknown> {
  const period = request['occurrencePeriod'] as Period;
  return {
    'Subject ID': subjectOf(request, byReference),
    'Earliest scheduled date': period?.start,
    'Max scheduled date': period?.end,
  };
}

/** The subject in Avni of which the Patient that it points to was written. */
function subjectOf(resource: FhirResource, byReference: ReadonlyMap<string, FhirResource>): string | undefined {
  const patient = byReference.get((resource['subject'] as { reference?: string } | undefined)?.reference ?? '');
  const source = patient && sourceOf(patient);
  return source?.startsWith(BENEFICIARY) ? decodeURIComponent(source.slice(BENEFICIARY.length)) : undefined;
}
