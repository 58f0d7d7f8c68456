import { labReport, registration } from '../../simulators/fhir/hospital-desk.js';
import type { Resource } from '../../simulators/fhir/resource.js';

/** What the hospital’s staff got wrong, and the same as it should be. */
interface WrongEntry {
  what: string;
  wrong: Resource[];
  right: Resource[];
}

/** Two that Avni would refuse, and Sangam refuses before they are sent. */
export function wrongEntries(patient: string): WrongEntry[] {
  return [
    {
      what: 'a registration without a gender',
      wrong: [registration('MRN-wrong', 'Hospital', { gender: undefined })],
      right: [registration('MRN-wrong', 'Hospital')],
    },
    {
      what: 'a haemoglobin of 115 g/dL, which Avni’s concept does not allow',
      wrong: labReport('report-wrong', patient, 115),
      right: labReport('report-wrong', patient, 11.5, { status: 'corrected' }),
    },
  ];
}
