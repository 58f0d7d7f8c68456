import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import type { Context } from '../../src/connectors/connector.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { AvniOrganisation } from '../../src/simulators/avni/organisation.js';
import { startFhirSimulator, type FhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import type { Preview } from '../../src/sync/preview.js';
import { previewSome } from '../../src/sync/preview-some.js';
import { folderOf } from '../support/own-organisation.js';
import { syncAll } from '../support/sync/sync-all.js';

const page = await readFile(new URL('../../docs/avni-source.md', import.meta.url), 'utf8');

/** Entity types that docs/avni-source.md shows, indented as those of a definition. */
const block = (name: string): string =>
  (new RegExp(`\`\`\`yaml ${name}\n([^]*?)\`\`\``).exec(page)?.[1] ?? '').replace(/^(?=.)/gm, '      ');
const shown = block('groups');

const definition = (entityTypes: string): string => `integration: i
systems:
  avni: { connector: avni, url: "\${AVNI_URL}", auth: { userName: me } }
  emr: { connector: fhir, url: "\${EMR_URL}" }
processes:
  p:
    entityTypes:
${entityTypes}`;

const http = createHttp();
const context = (): Context => ({ signal: new AbortController().signal, http, log: silent });
let organisation: AvniOrganisation;
let avni: AvniSimulator;
let fhir: FhirSimulator;
const removed: (() => Promise<void>)[] = [];
beforeEach(async () => {
  organisation = new AvniOrganisation();
  avni = await startAvniSimulator({ organisation });
  fhir = await startFhirSimulator();
});
afterEach(async () => {
  await avni.close();
  await fhir.close();
  for (const remove of removed.splice(0)) await remove();
});
afterAll(() => http.close());

async function active(text: string): Promise<ActiveProcess> {
  const { path, remove } = await folderOf({});
  removed.push(remove);
  await writeFile(join(path, 'i.yaml'), text);
  const env = { AVNI_URL: avni.url, EMR_URL: `${fhir.url}/fhir` };
  const found = await new IntegrationStore({ path, connectorTypes, env, log: silent }).find('i/p');
  if ('missing' in found) throw new Error(found.message);
  return found.active;
}

/** A household and its woman, before the horizon. */
function family(name: string): { house: string; woman: string } {
  const stamp = Date.now() - 60_000;
  const subject = (type: string) =>
    organisation.add('subject', type, { 'Subject type': type, observations: { 'First name': `${type} of ${name}` } }, { stamp }).id;
  const [house, woman] = [subject('Household'), subject('Woman')];
  organisation.add('groupSubject', '', { 'Group ID': house, 'Member ID': woman, Role: 'Head' }, { stamp });
  return { house, woman };
}

async function preview({ parts }: ActiveProcess, entityType: string, id: string): Promise<Preview | undefined> {
  return (await previewSome({ id }, entityType, parts, { showValues: true }, context()))[0];
}

const stored = (type: string): Record<string, unknown>[] =>
  fhir.repository.all().filter(({ resourceType }) => resourceType === type) as never;

describe('households as parents of women', () => {
  it('are previewed with their women, go first, and take them along', async () => {
    const { house, woman } = family('Asha');
    const process = await active(definition(shown.replace('      Woman:', '        whenVoided: remove\n      Woman:')));
    expect(await preview(process, 'Household', house)).toMatchObject({
      outcome: 'created',
      writes: [{ resources: [{ body: { member: [{ entity: { display: 'Head', identifier: { value: woman } } }] } }] }],
      children: [{ entityType: 'Woman', ids: [woman] }],
    });
    expect(await preview(process, 'Woman', woman)).toMatchObject({ outcome: 'created', before: [{ entityType: 'Household', id: house }] });
    expect(fhir.repository.all()).toEqual([]);
    await syncAll(process, context());
    const [group] = stored('Group');
    expect(stored('Patient')).toMatchObject([{ extension: [{ valueReference: { reference: `Group/${String(group?.['id'])}` } }] }]);
    organisation.change(house, { voided: true }, Date.now() - 1000);
    await syncAll(process, context());
    expect([stored('Group'), stored('Patient')]).toEqual([[], []]);
  });

  it('that cannot list them are marked when they are voided, as the preview says, and women keep pointing to them', async () => {
    const { house, woman } = family('Bina');
    const process = await active(definition(shown.replace(', members: true', '')));
    expect(await preview(process, 'Household', house)).toMatchObject({ outcome: 'created', children: [] });
    await syncAll(process, context());
    organisation.change(house, { voided: true }, Date.now() - 1000);
    expect(await preview(process, 'Household', house)).toMatchObject({
      outcome: 'updated',
      writes: [{ outcome: { changes: [{ what: 'update', type: 'Group', elements: [{ path: 'active', to: false }] }] } }],
    });
    organisation.change(woman, { body: { observations: { 'First name': 'Bina Devi' } } }, Date.now() - 1000);
    expect(await preview(process, 'Woman', woman)).toMatchObject({ outcome: 'updated' });
    const { Household, Woman } = await syncAll(process, context());
    expect([Household?.sheet, Woman?.sheet]).toMatchObject([
      { read: 1, updated: 1 },
      { read: 1, updated: 1 },
    ]);
    const [group] = stored('Group');
    expect(group).toMatchObject({ active: false });
    expect(stored('Patient')).toMatchObject([
      { name: [{ text: 'Bina Devi' }], extension: [{ valueReference: { reference: `Group/${String(group?.['id'])}` } }] },
    ]);
  });
});

describe('an approval', () => {
  it('lets a record through once it is given, and takes it away once it is not', async () => {
    const stamp = Date.now() - 60_000;
    const { id } = organisation.add('encounter', 'Home visit', { 'Encounter type': 'Home visit', observations: {} }, { stamp });
    const decide = (status: string, ago: number): void => {
      const body = { 'Entity ID': id, 'Entity type': 'Encounter', 'Approval status': status };
      organisation.add('approvalStatus', 'Encounter', body, { stamp: Date.now() - ago });
    };
    const process = await active(definition(block('approval')));
    const visits: number[] = [];
    for (const [status, ago] of [
      ['Pending', 50_000],
      ['Approved', 40_000],
      ['Rejected', 30_000],
    ] as const) {
      decide(status, ago);
      await syncAll(process, context());
      visits.push(stored('Encounter').length);
    }
    expect(visits).toEqual([0, 1, 0]);
  });
});

it('pictures are referred to where Avni keeps them, each by a resource of its own', async () => {
  const [one, two] = ['https://media.example/1.jpg', 'https://media.example/2.jpg'];
  const body = { 'Encounter type': 'Home visit', 'Encounter date time': '2026-01-02T03:04:05.000Z', observations: { Photo: [one, two] } };
  const { id } = organisation.add('encounter', 'Home visit', body, { stamp: Date.now() - 60_000 });
  const process = await active(definition(block('media')));
  const shown = () => stored('DocumentReference').map(({ content }) => (content as { attachment: { url: string } }[])[0]?.attachment.url);
  await syncAll(process, context());
  expect(shown().sort()).toEqual([one, two]);
  organisation.change(id, { body: { observations: { Photo: two } } }, Date.now() - 20_000);
  await syncAll(process, context());
  expect(shown()).toEqual([two]);
});

describe('locations', () => {
  it('go in the order of their levels, each below the one above, and are taken away', async () => {
    const process = await active(definition(block('locations')));
    const hosahalli = organisation.metadata.locations.find(({ title }) => title === 'Hosahalli');
    expect(await preview(process, 'Village', hosahalli?.uuid ?? '')).toMatchObject({
      outcome: 'created',
      before: [{ entityType: 'District' }],
    });
    const mysuru = organisation.metadata.locations.find(({ title }) => title === 'Mysuru');
    const [below] = (await preview(process, 'District', mysuru?.uuid ?? ''))?.children ?? [];
    expect([below?.entityType, below?.ids.length]).toEqual(['Village', 4]);
    const { District, Village } = await syncAll(process, context());
    expect([District?.sheet, Village?.sheet]).toMatchObject([
      { read: 1, created: 1 },
      { read: 4, created: 4 },
    ]);
    const places = stored('Location');
    const district = places.find(({ name }) => name === 'Mysuru');
    expect(places.find(({ name }) => name === 'Hosahalli')).toMatchObject({
      description: 'Hosahalli, Mysuru, Karnataka',
      partOf: { reference: `Location/${String(district?.['id'])}` },
    });
    if (!hosahalli) throw new Error('It is set up');
    Object.assign(hosahalli, { voided: true, stamp: Date.now() - 1000 });
    await syncAll(process, context());
    expect(stored('Location').map(({ name }) => name)).not.toContain('Hosahalli');
  });

  it('of a type that Avni does not have are told of, with those it has, and none is passed by', async () => {
    const { parts } = await active(definition(block('locations').replace('location: District', 'location: Districts')));
    const until = new Date().toISOString();
    const reading = async () => {
      for await (const page of parts['District']?.source.changes(null, until, 10, context()) ?? []) expect(page.records).toEqual([]);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'UnknownType', message: expect.stringContaining('“District”') });
  });
});
