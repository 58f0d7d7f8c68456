import type { AvniRecord } from './avni-record.js';
import { differencesOf } from './differences.js';
import type { FhirResource } from './fhir-resource.js';

/** Addresses of the two simulators. */
export interface BothSystems {
  avni: string;
  fhir: string;
}

/** What is not as it should be, of all that either system has now; see `differencesOf`. */
export async function compareSystems({ avni, fhir }: BothSystems): Promise<string[]> {
  const records = (await (await fetch(`${avni}/simulator/records`)).json()) as AvniRecord[];
  const resources = (await (await fetch(`${fhir}/simulator/resources`)).json()) as FhirResource[];
  return differencesOf(records, resources);
}
