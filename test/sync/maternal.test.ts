import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import { connectorTypes } from '../../src/connectors/all.js';
import type { Context } from '../../src/connectors/connector.js';
import { loadDefinitions } from '../../src/definition/load-definitions.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { readSetUp } from '../../src/cli/saved-set-up.js';
import { startAvniSimulator, type AvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { givenOrganisation } from '../../src/simulators/avni/given/given-organisation.js';
import { startFhirSimulator, type FhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { clinicEnv } from '../support/clinic.js';
import { isWrite } from '../support/is-write.js';
import { expectedOf, lineOf } from '../support/maternal.js';
import { syncAll } from '../support/sync/sync-all.js';

const PATH = 'integrations/maternal';
let avni: AvniSimulator;
let fhir: FhirSimulator;
let active: ActiveProcess;
const http = createHttp();
const context = (): Context => ({ signal: new AbortController().signal, http, log: silent });

beforeAll(async () => {
  avni = await startAvniSimulator({ organisation: await givenOrganisation({ path: `${PATH}/organisation`, seed: 1, records: 110 }) });
  fhir = await startFhirSimulator({ token: 'secret-of-fhir', strict: true });
  const store = new IntegrationStore({ path: PATH, connectorTypes, env: clinicEnv(avni.url, fhir.url), log: silent });
  const found = await store.find('maternal/care');
  if ('missing' in found) throw new Error(found.message);
  active = found.active;
});

afterAll(async () => {
  http.close();
  await avni.close();
  await fhir.close();
});

type Resource = ReturnType<FhirSimulator['repository']['all']>[number];

/** The id of the Avni record that a resource came from; undefined for what is shared. */
function originOf({ meta }: Resource): string | undefined {
  return meta?.tag?.map(({ code }) => /^maternal\/care\/[^/]+\/(.+)$/.exec(code ?? '')?.[1]).find((id) => id !== undefined);
}

/** Resources by the record that they came from, a line each, in order. */
function linesByRecord(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const resource of fhir.repository.all()) {
    const id = originOf(resource);
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), lineOf(resource as unknown as Record<string, unknown>)].sort());
  }
  return found;
}

it('integrations/maternal names what its organisation has set up, and nothing else', async () => {
  const setUp = await readSetUp(`${PATH}/organisation`);
  const { definitions, problems, warnings } = await loadDefinitions({
    paths: [PATH],
    connectorTypes,
    env: clinicEnv('http://127.0.0.1:1', 'http://127.0.0.1:1'),
    setUp,
  });
  expect([problems, warnings]).toEqual([[], []]);
  expect(definitions[0]?.processes['care']?.entityTypes.map(({ name }) => name)).toEqual([
    'District',
    'Village',
    'Household',
    'Woman',
    'Pregnancy',
    'AntenatalVisit',
    'Delivery',
    'HomeVisit',
  ]);
});

it('carries what was made from its forms, whole: each answer is there once, at the woman it belongs to', async () => {
  const results = await syncAll(active, context());
  for (const { done, stopped, sheet, findings } of Object.values(results))
    expect({ done, stopped, errored: sheet.errored, held: sheet.held, findings }).toEqual({
      done: true,
      stopped: undefined,
      errored: 0,
      held: 0,
      findings: {},
    });
  const there = linesByRecord();
  const voided = new Set(avni.organisation.all().flatMap(({ id, voided: isVoided }) => (isVoided ? [id] : [])));
  let compared = 0;
  for (const record of avni.organisation.all()) {
    if (record.kind === 'groupSubject') continue;
    const ids = [record.body['Subject ID'], record.body['Enrolment ID']];
    // What belongs to a voided record is seen elsewhere.
    if (ids.some((id) => voided.has(String(id)))) continue;
    expect({ id: record.id, type: record.type, lines: there.get(record.id) ?? [] }).toEqual({
      id: record.id,
      type: record.type,
      lines: expectedOf(record).sort(),
    });
    compared += 1;
  }
  expect(compared).toBeGreaterThan(80);
  const twins = [...there.values()].filter((lines) => lines.filter((line) => line.startsWith('Patient baby')).length > 1);
  expect(twins.length).toBeGreaterThan(0);
  const byReference = new Map(fhir.repository.all().map((each) => [`${each.resourceType}/${each.id}`, each]));
  for (const resource of fhir.repository.all()) {
    const { subject } = resource as { subject?: { reference?: string } };
    const [person, record] = [byReference.get(subject?.reference ?? ''), avni.organisation.get(originOf(resource) ?? '')];
    if (person && record) expect([record.body['Subject ID'], record.id]).toContain(originOf(person));
  }
  // Each household has its members, and each of them points to it.
  for (const { body } of avni.organisation
    .all()
    .filter(({ kind, body }) => kind === 'groupSubject' && !voided.has(String(body['Member ID'])))) {
    if (voided.has(String(body['Group ID']))) continue;
    const [house, woman] = [body['Group ID'], body['Member ID']].map((id) => fhir.repository.all().find((each) => originOf(each) === id));
    const village = (avni.organisation.get(String(body['Group ID']))?.body['location'] as Record<string, string>)['Village'];
    const place = byReference.get(
      (house as { extension?: { valueReference: { reference: string } }[] } | undefined)?.extension?.[0]?.valueReference.reference ?? '',
    );
    expect(place).toMatchObject({ resourceType: 'Location', name: village, partOf: { reference: expect.stringMatching(/^Location\//) } });
    expect(house).toMatchObject({
      member: expect.arrayContaining([
        { entity: { identifier: { system: 'urn:avni:subject', value: body['Member ID'] }, display: body['Role'] } },
      ]),
    });
    expect(woman).toMatchObject({ extension: [{ valueReference: { reference: `Group/${house?.id}` } }] });
  }
  const centres = fhir.repository.all().filter(({ resourceType }) => resourceType === 'Organization');
  expect(centres.map((each) => (each as { name?: string }).name).sort()).toEqual(['Hosahalli PHC', 'Mysuru CHC']);
  const writes = fhir.requests.filter(isWrite).length;
  await syncAll(active, context());
  expect(fhir.requests.filter(isWrite).length).toBe(writes);
});

it('keeps the others as they are when a danger sign is taken away, and marks a household that was voided', async () => {
  const isOf = (type: string, id: string) => (each: Resource) => each.resourceType === type && originOf(each) === id;
  const visit = avni.organisation
    .all()
    .find(({ body }) => ((body['observations'] as { 'Danger signs'?: unknown[] } | undefined)?.['Danger signs']?.length ?? 0) > 1);
  const observations = visit?.body['observations'] as Record<string, string[]>;
  const [gone, ...left] = observations['Danger signs'] ?? [];
  const before = fhir.repository.all().filter(isOf('Condition', visit?.id ?? ''));
  avni.organisation.change(visit?.id ?? '', { body: { observations: { ...observations, 'Danger signs': left.reverse() } } });
  const groups = new Set(avni.organisation.all().map(({ body }) => body['Group ID']));
  const house = avni.organisation.all().find(({ id, voided }) => groups.has(id) && !voided);
  avni.organisation.change(house?.id ?? '', { voided: true });
  await syncAll(active, context());
  const after = fhir.repository.all().filter(isOf('Condition', visit?.id ?? ''));
  const textOf = (each: Resource): unknown => (each as { code?: { text?: string } }).code?.text;
  expect(after.map(({ id }) => id).sort()).toEqual(before.flatMap((each) => (textOf(each) === gone ? [] : [each.id])).sort());
  expect(fhir.repository.all().find(isOf('Group', house?.id ?? ''))).toMatchObject({ active: false });
  const women = avni.organisation.all().flatMap(({ body }) => (body['Group ID'] === house?.id ? [String(body['Member ID'])] : []));
  expect(women.length).toBeGreaterThan(0);
  for (const id of women)
    if (avni.organisation.get(id)?.voided === false)
      expect(fhir.repository.all().find(isOf('Patient', id))).toMatchObject({ active: true });
});
