import type { EntityTypeParts } from '../../src/sync/parts.js';
import { activeProcess } from './active-process.js';

/** The subject whose visits the results become. */
export const SUBJECT = '5b1a2c3d-0000-4000-8000-000000000001';

/** The entity type, as a definition has it. */
export const RESULT = `      Result:
        from: { system: emr, resource: Observation }
        to: { system: avni, encounter: Health check }
        map: |
          { "Subject ID": "${SUBJECT}", "Encounter date time": effectiveDateTime, "observations": { "Systolic": valueInteger } }
`;

const DEFINITION = `integration: bench
systems:
  emr: { connector: fhir, url: "\${BENCH_FHIR}", pageSize: 200 }
  avni: { connector: avni, url: "\${BENCH_AVNI}", auth: { userName: bench } }
processes:
  results:
    every: 1 hour
    entityTypes:
${RESULT}`;

/** A type that comes from FHIR to Avni, connected to these two servers. */
export async function resultType(fhir: string, avni: string): Promise<EntityTypeParts> {
  const { parts } = await activeProcess(DEFINITION, 'bench/results', { BENCH_FHIR: `${fhir}/fhir`, BENCH_AVNI: avni });
  const type = parts['Result'];
  if (!type) throw new Error('The definition has no Result');
  return type;
}
