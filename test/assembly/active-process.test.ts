import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { silent } from '../../src/log.js';

const DEFINITION = `integration: school
systems:
  avni: { connector: avni, url: "http://127.0.0.1:9", auth: { userName: u } }
  emr: { connector: fhir, url: "http://127.0.0.1:9", auth: { token: t } }
processes:
  all:
    every: 1 hour
    entityTypes:
      School: { from: { system: avni, subject: School }, to: { system: emr, resource: Organization }, whenVoided: keep, whenNoLonger: keep, map: '{ "resourceType": "Organization", "name": ID }' }
      Student: { dependsOn: { School: "School" }, from: { system: avni, subject: Student }, to: { system: emr, resource: Patient }, map: '{ "resourceType": "Patient", "managingOrganization": $parent("School") }' }
      Checkup: { dependsOn: { Student: "\`Subject ID\`" }, from: { system: avni, encounter: Checkup }, to: { system: emr, resource: Encounter }, map: '{ "resourceType": "Encounter", "status": "finished", "class": { "code": "FLD" }, "subject": $parent("Student") }' }
`;

it('knows which types their source cannot list by the record they wait on, however many lie between', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sangam-school-'));
  try {
    await writeFile(join(folder, 'school.yaml'), DEFINITION);
    const found = await new IntegrationStore({ path: folder, connectorTypes, env: {}, log: silent }).find('school/all');
    if ('missing' in found) throw new Error(found.message);
    const unlisted = Object.values(found.active.parts).flatMap((parts) => (parts.unlisted ? [parts.definition.name] : []));
    expect(unlisted).toEqual(['Student', 'Checkup']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
