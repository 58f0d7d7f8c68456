import { RESULT } from './results.js';

export const BOTH_PROCESS = 'bench/both';

const PERSON = `      Person:
        from: { system: avni, subject: Beneficiary }
        to: { system: emr, resource: Patient }
        map: |
          {
            "resourceType": "Patient",
            "name": [{ "given": [observations.\`First name\`], "family": observations.\`Last name\` }],
            "birthDate": observations.\`Date of birth\`
          }
        concepts: { unmapped: ignore }
`;

/** Types that go from Avni to FHIR, and back. */
export const TYPES = { Person: PERSON, Result: RESULT } as const;

/** A process of these types: one goes to FHIR in bundles, the other comes back to Avni. */
export function bothDefinition(types: readonly (keyof typeof TYPES)[]): string {
  return `integration: bench
systems:
  avni: { connector: avni, url: "\${BENCH_AVNI}", auth: { userName: bench } }
  emr: { connector: fhir, url: "\${BENCH_FHIR}", bundle: 100 }
processes:
  both:
    every: 1 hour
    entityTypes:
${types.map((each) => TYPES[each]).join('')}`;
}
