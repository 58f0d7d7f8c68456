import { observationsOf, type AvniRecord } from './avni-record.js';
import type { Expectation, Expected, Refer } from './expectation.js';
import { episode, patient, visitOfProgramme } from './expected-resources.js';
import type { FhirResource } from './fhir-resource.js';
import { PROCESS, typeToAvni, typeToEmr } from './hospital-types.js';

const CATEGORIES = 'http://terminology.hl7.org/CodeSystem/observation-category';

/**
 * What integrations/hospital makes of Avni’s records. `resources`: all that the EMR has, to tell
 * what it owns.
 */
export function expectedInEmr(resources: readonly FhirResource[]): Expectation {
  const ofReports = new Set(resources.flatMap((each) => (typeToAvni(each) === 'LabResult' ? resultsOf(each) : [])));
  return {
    process: PROCESS,
    entityTypeOf: typeToEmr,
    marks: (entityType) => entityType !== 'Visit',
    expectedOf,
    isItsOwn: (resource) => typeToAvni(resource) !== undefined || ofReports.has(`${resource.resourceType}/${resource.id}`),
  };
}

/** What a report refers to as its results: `Observation/id`. */
export function resultsOf(report: FhirResource): string[] {
  return ((report['result'] ?? []) as { reference?: string }[]).flatMap(({ reference }) => reference ?? []);
}

function expectedOf(record: AvniRecord, refer: Refer): Expected[] {
  switch (typeToEmr(record)) {
    case 'Beneficiary':
      return [{ type: 'Patient', content: patient(record) }];
    case 'Enrolment':
      return [{ type: 'EpisodeOfCare', content: episode(record, refer) }];
    case 'Visit':
      return [{ type: 'Encounter', content: visitOfProgramme(record, refer) }, ...weight(record, refer)];
    default:
      return [];
  }
}

/** Nothing weighed, no Observation. */
function weight(record: AvniRecord, refer: Refer): Expected[] {
  const { Weight: value } = observationsOf(record);
  if (value === undefined) return [];
  const content = {
    status: 'final',
    category: [{ coding: [{ system: CATEGORIES, code: 'vital-signs' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '29463-7', display: 'Body weight' }] },
    subject: refer('Beneficiary', record.body['Subject ID']),
    encounter: refer('Visit', record.ID),
    effectiveDateTime: record.body['Encounter date time'],
    valueQuantity: { value, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
  };
  return [{ type: 'Observation', code: '29463-7', content }];
}
