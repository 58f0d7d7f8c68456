import type { ActiveProcess } from '../../src/assembly/active-process.js';
import { activeProcess } from './active-process.js';

export const FLAT_PROCESS = 'bench/flat';

export interface FlatOptions {
  bundle: number;
  page: number;
  /** More settings of its error process. */
  errors?: string;
  /** Its name before the slash. */
  integration?: string;
  /** The variable that has the address of its Avni. */
  avni?: string;
  /** Expression for `active`: what it costs, each record costs. */
  active?: string;
}

/** A process of one entity type, Person to Patient: nine elements of a flat mapping, no parents. */
export function flatDefinition(options: FlatOptions): string {
  const { bundle, page, errors = '', integration = 'bench', avni = 'BENCH_AVNI', active = 'true' } = options;
  return `integration: ${integration}
systems:
  avni: { connector: avni, url: "\${${avni}}", auth: { userName: bench }, pageSize: ${page} }
  emr: { connector: fhir, url: "\${BENCH_FHIR}", auth: { token: "\${BENCH_TOKEN}" }, bundle: ${bundle} }
codes:
  gender: { Female: female, Male: male }
processes:
  flat:
    every: 1 hour
    errors: { every: 1 hour, ${errors} }
    entityTypes:
      Person:
        from: { system: avni, subject: Person }
        to: { system: emr, resource: Patient }
        map: |
          {
            "resourceType": "Patient",
            "identifier": [{ "system": "urn:avni:subject", "value": ID }],
            "active": ${active},
            "name": [{ "given": [observations.\`First name\`], "family": observations.\`Last name\` }],
            "gender": $code("gender", observations.Gender),
            "birthDate": observations.\`Date of birth\`,
            "telecom": observations.\`Phone number\` ? [{ "system": "phone", "value": $string(observations.\`Phone number\`) }],
            "address": [{ "city": location.Village, "district": location.District, "state": location.State, "country": "IN" }]
          }
        concepts: { ignore: [Household] }
`;
}

/** What the definition takes from the environment. */
export function flatEnv(avni: string, fhir: string): Record<string, string> {
  return { BENCH_AVNI: avni, BENCH_FHIR: `${fhir}/fhir`, BENCH_TOKEN: 'bench' };
}

/** The process, connected to these two servers. */
export function flatProcess({ avni, fhir, ...how }: { avni: string; fhir: string; bundle: number; page: number }): Promise<ActiveProcess> {
  return activeProcess(flatDefinition(how), FLAT_PROCESS, flatEnv(avni, fhir));
}
