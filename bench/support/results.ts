import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { silent } from '../../src/log.js';
import { MappingThreads } from '../../src/mapping/threads/mapping-threads.js';
import type { EntityTypeParts } from '../../src/sync/parts.js';

/** The subject whose visits the results become. */
export const SUBJECT = '5b1a2c3d-0000-4000-8000-000000000001';

const DEFINITION = `integration: bench
systems:
  emr: { connector: fhir, url: "\${BENCH_FHIR}", pageSize: 200 }
  avni: { connector: avni, url: "\${BENCH_AVNI}", auth: { userName: bench } }
processes:
  results:
    every: 1 hour
    entityTypes:
      Result:
        from: { system: emr, resource: Observation }
        to: { system: avni, encounter: Health check }
        map: |
          { "Subject ID": "${SUBJECT}", "Encounter date time": effectiveDateTime, "observations": { "Systolic": valueInteger } }
`;

/** A type that comes from FHIR to Avni, connected to these two servers. */
export async function resultType(fhir: string, avni: string): Promise<EntityTypeParts> {
  const folder = await mkdtemp(join(tmpdir(), 'sangam-bench-'));
  try {
    await writeFile(join(folder, 'bench.yaml'), DEFINITION);
    const { mapping: makeMapping } = new MappingThreads();
    const env = { BENCH_FHIR: `${fhir}/fhir`, BENCH_AVNI: avni };
    const found = await new IntegrationStore({ path: folder, connectorTypes, env, log: silent, makeMapping }).find('bench/results');
    const type = 'missing' in found ? undefined : found.active.parts['Result'];
    if (!type) throw new Error('missing' in found ? found.message : 'The definition has no Result');
    return type;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
