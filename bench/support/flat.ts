import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { silent } from '../../src/log.js';
import { MappingThreads } from '../../src/mapping/threads/mapping-threads.js';

export const FLAT_PROCESS = 'bench/flat';

/**
 * A process of one entity type, Person to Patient: nine elements of a flat mapping, no parents.
 * `errors`: more settings of its error process.
 */
export function flatDefinition({ bundle, page, errors = '' }: { bundle: number; page: number; errors?: string }): string {
  return `integration: bench
systems:
  avni: { connector: avni, url: "\${BENCH_AVNI}", auth: { userName: bench }, pageSize: ${page} }
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
            "active": true,
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
export async function flatProcess(options: { avni: string; fhir: string; bundle: number; page: number }): Promise<ActiveProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'sangam-bench-'));
  try {
    await writeFile(join(folder, 'bench.yaml'), flatDefinition(options));
    const env = flatEnv(options.avni, options.fhir);
    const { mapping: makeMapping } = new MappingThreads();
    const found = await new IntegrationStore({ path: folder, connectorTypes, env, log: silent, makeMapping }).find(FLAT_PROCESS);
    if ('missing' in found) throw new Error(found.message);
    return found.active;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
