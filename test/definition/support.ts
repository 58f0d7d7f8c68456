import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Definition, Problem } from '../../src/definition/definition.js';
import { loadDefinitions } from '../../src/definition/load-definitions.js';
import { fakeConnectorTypes } from '../support/fake-connector-types.js';

export const env = {
  AVNI_URL: 'https://avni.example.org',
  AVNI_USERNAME: 'integrator',
  AVNI_PASSWORD: 'pa55word-of-the-test',
  FHIR_URL: 'https://fhir.example.org/r4',
  FHIR_TOKEN: 'token-of-the-test',
};

export interface Loaded {
  definitions: Definition[];
  problems: Problem[];
  warnings: Problem[];
  folder: string;
}

/** Writes files into a folder of its own, loads the folder, and removes it. */
export async function loadFiles(
  files: Record<string, string | Buffer>,
  environment: Record<string, string | undefined> = env,
): Promise<Loaded> {
  const folder = await mkdtemp(join(tmpdir(), 'sangam-definitions-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return { folder, ...(await loadDefinitions({ paths: [folder], connectorTypes: fakeConnectorTypes, env: environment })) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Loads one text; `problems` as `code path`. */
export async function check(text: string, environment?: Record<string, string | undefined>) {
  const { definitions, problems, warnings } = await loadFiles({ 'x.yaml': text }, environment);
  return { definition: definitions[0], problems, warnings, found: problems.map(({ code, path }) => `${code} ${path}`) };
}

/** The least that is valid. */
export const small = `integration: small
systems:
  avni: { connector: avni, url: "\${AVNI_URL}", auth: { userName: me } }
  emr: { connector: fhir, url: "\${FHIR_URL}" }
processes:
  one:
    every: 5 minutes
    entityTypes:
      Person:
        from: { system: avni, subject: Person }
        to: { system: emr, resource: Patient }
        map: '{ "resourceType": "Patient" }'
      Visit:
        dependsOn: { Person: "\`Subject ID\`" }
        from: { system: avni, encounter: Visit }
        to: { system: emr, resources: [Encounter, Observation] }
        map:
          visit: '{ "resourceType": "Encounter", "subject": $parent("Person") }'
          weight: '{ "resourceType": "Observation", "encounter": $ref("visit") }'
`;

/** The small one with one text replaced by another. */
export function edited(from: string, to: string): string {
  if (!small.includes(from)) throw new Error(`The small definition has no ${from}`);
  return small.replace(from, () => to);
}
