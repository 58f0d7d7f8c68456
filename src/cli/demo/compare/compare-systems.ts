import type { AvniRecord } from './avni-record.js';
import { differencesOf } from './differences.js';
import { differencesInAvni } from './differences-in-avni.js';
import { expectedInEmr } from './expected-in-emr.js';
import type { FhirResource } from './fhir-resource.js';

/** Addresses of the two simulators. */
export interface BothSystems {
  avni: string;
  fhir: string;
}

/** What is not as it should be in each system, of what comes from the other one. */
export interface Differences {
  inEmr: string[];
  inAvni: string[];
}

/** Compares all that either system has now, in both directions. */
export async function compareSystems(systems: BothSystems): Promise<Differences> {
  const { records, resources } = await dumpsOf(systems);
  return differencesBothWays(records, resources);
}

/** The same of what both systems have. */
export function differencesBothWays(records: AvniRecord[], resources: FhirResource[]): Differences {
  return { inEmr: differencesOf(expectedInEmr(resources), records, resources), inAvni: differencesInAvni(resources, records) };
}

/** All that both systems have now. */
export async function dumpsOf({ avni, fhir }: BothSystems): Promise<{ records: AvniRecord[]; resources: FhirResource[] }> {
  const records = (await (await fetch(`${avni}/simulator/records`)).json()) as AvniRecord[];
  const resources = (await (await fetch(`${fhir}/simulator/resources`)).json()) as FhirResource[];
  return { records, resources };
}
