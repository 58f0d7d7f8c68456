import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { silent } from '../../src/log.js';
import { until } from '../support/until.js';

const DEFINITION = `integration: school
systems:
  avni: { connector: avni, url: "http://127.0.0.1:9", auth: { userName: u } }
  emr: { connector: fhir, url: "http://127.0.0.1:9" }
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

it('takes a definition by itself once its “since” is past', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sangam-since-'));
  try {
    const soon = new Date(Date.now() + 1_500).toISOString();
    await writeFile(join(folder, 'school.yaml'), DEFINITION.replace('School: {', `School: { since: "${soon}",`));
    const store = new IntegrationStore({ path: folder, connectorTypes, env: {}, log: silent, futureAgain: 100 });
    expect(await store.find('school/all')).toMatchObject({ missing: 'DefinitionInvalid', message: expect.stringContaining('future') });
    await until('the definition', async () => 'active' in (await store.find('school/all')));
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(soon));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
