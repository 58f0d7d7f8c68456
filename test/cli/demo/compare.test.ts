import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { agreementText } from '../../../src/cli/demo/agreement-text.js';
import { compareSystems, type Differences } from '../../../src/cli/demo/compare/compare-systems.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../../src/simulators/avni/generate.js';
import type { StoredRecord } from '../../../src/simulators/avni/record.js';
import { startFhirSimulator, type FhirSimulator } from '../../../src/simulators/fhir/fhir-simulator.js';
import type { Resource } from '../../../src/simulators/fhir/resource.js';
import { hospital, HospitalDesk, recordsOf } from '../../support/hospital.js';
import { syncAll } from '../../support/sync/sync-all.js';

const http = createHttp();
let avni: AvniSimulator;
let fhir: FhirSimulator;

beforeAll(async () => {
  avni = await startAvniSimulator({ organisation: generateOrganisation({ seed: 3, records: 200 }) });
  fhir = await startFhirSimulator({ token: 'secret-of-fhir' });
  const desk = new HospitalDesk(fhir.repository);
  const [one = '', two = ''] = recordsOf(avni.organisation, 'Beneficiary').map(({ id }) => HospitalDesk.patientOf(id));
  desk.register('MRN-1', 'Rao');
  desk.report('r1', one, 11.5);
  desk.report('r2', two, 9, { status: 'preliminary' });
  desk.refer('s1', two);
  desk.refer('s2', one, 'revoked');
  await syncAll(await hospital(avni.url, fhir.url), { signal: new AbortController().signal, http, log: silent });
}, 150_000);
afterAll(async () => {
  http.close();
  await avni.close();
  await fhir.close();
});

const compare = (): Promise<Differences> => compareSystems({ avni: avni.url, fhir: fhir.url });
const inEmr = async (): Promise<string[]> => (await compare()).inEmr;
const inAvni = async (): Promise<string[]> => (await compare()).inAvni;

/** Both systems as they were are put back after each test. */
const undo: (() => unknown)[] = [];
beforeEach(async () => {
  for (const each of undo.splice(0)) each();
  expect(await compare()).toEqual({ inEmr: [], inAvni: [] });
});

/** Alters a stored resource behind everyone’s back; null takes it away. */
function alter(resource: Resource, change: object | null): Resource {
  const { resourceType: type, id } = resource;
  undo.push(() => fhir.repository.put(resource));
  if (change === null) fhir.repository.remove(type, id);
  else fhir.repository.put({ ...resource, ...change });
  return resource;
}

/** The same of a record in Avni. */
function alterRecord(type: string, change: { body?: object; observations?: object; voided?: boolean }): StoredRecord {
  const [record] = recordsOf(avni.organisation, type);
  if (!record) throw new Error(`There must be such a ${type}`);
  const { id, body, voided } = record;
  undo.push(() => avni.organisation.change(id, { body, voided }));
  const observations = { ...(body['observations'] as object), ...change.observations };
  avni.organisation.change(id, { body: { ...change.body, observations }, voided: change.voided ?? voided });
  return record;
}

function first(type: string, fits: (resource: Resource) => boolean = isWritten): Resource {
  const found = fhir.repository.all(type).find(fits);
  if (!found) throw new Error(`There must be such a ${type}`);
  return found;
}

const originOf = ({ meta }: Resource): string => meta?.tag?.find(({ system }) => system === 'urn:sangam:origin')?.code ?? '';
/** Entity type and record id, as differences begin. */
const recordOf = (resource: Resource): string => originOf(resource).split('/').slice(2).join(' ');
const isWritten = (resource: Resource): boolean => originOf(resource) !== '';
const isWeight = (resource: Resource): boolean => isWritten(resource) && JSON.stringify(resource['code']).includes('29463-7');
const isOf = (id: string) => (resource: Resource) => resource.id === id;

describe('what went to the EMR is compared', () => {
  it.each([
    [
      'a value',
      'Observation',
      isWeight,
      { valueQuantity: { value: 999.5, unit: 'kg' } },
      'differs in Observation (29463-7): valueQuantity',
    ],
    [
      'whom a value is about',
      'Observation',
      isWeight,
      { subject: { reference: 'Patient/other' } },
      'differs in Observation (29463-7): subject',
    ],
    ['its visit', 'Observation', isWeight, { encounter: undefined }, 'differs in Observation (29463-7): encounter'],
    ['a name', 'Patient', undefined, { name: [{ given: ['Someone'] }] }, 'differs in Patient: name'],
    ['a gender', 'Patient', undefined, { gender: 'unknown' }, 'differs in Patient: gender'],
    ['an address', 'Patient', undefined, { address: [] }, 'differs in Patient: address'],
    ['whose enrolment it is', 'EpisodeOfCare', undefined, { patient: { reference: 'Patient/other' } }, 'differs in EpisodeOfCare: patient'],
    ['its period', 'EpisodeOfCare', undefined, { period: { start: '1999-01-01T00:00:00Z' } }, 'differs in EpisodeOfCare: period'],
    ['its status', 'EpisodeOfCare', undefined, { status: 'planned' }, 'differs in EpisodeOfCare: status'],
    ['a field that nothing maps', 'Patient', undefined, { maritalStatus: { text: 'x' } }, 'differs in Patient: maritalStatus'],
    ['when a visit was', 'Encounter', undefined, { period: { start: '1999-01-01T00:00:00Z' } }, 'differs in Encounter: period'],
  ])('in %s', async (_what, type, fits, change, told) => {
    const altered = alter(first(type, fits), change);
    expect(await inEmr()).toEqual([`${recordOf(altered)} ${told}`]);
  });

  it('and what is missing, or there twice, or of no record is named', async () => {
    const weight = alter(first('Observation', isWeight), null);
    const twice = fhir.repository.all('Observation').find((each) => isWeight(each) && each.id !== weight.id);
    if (!twice) throw new Error('There must be another weight');
    for (const [type, id] of [
      ['Observation', 'twice'],
      ['Observation', 'alone'],
      ['Patient', 'stray'],
    ] as const)
      undo.push(() => fhir.repository.remove(type, id));
    fhir.repository.put({ ...twice, id: 'twice' });
    fhir.repository.put({ resourceType: 'Patient', id: 'stray' });
    fhir.repository.put({ resourceType: 'Observation', id: 'alone' });
    expect((await inEmr()).sort()).toEqual(
      [
        `${recordOf(weight)} has 0 of Observation (29463-7)`,
        `${recordOf(twice)} has 2 of Observation (29463-7)`,
        'Patient stray is of no record',
        'Observation alone is of no record',
      ].sort(),
    );
  });

  it('and a record that changed or was voided without the destination’s knowing is named', async () => {
    const changed = alterRecord('Growth monitoring', {
      observations: { Weight: 77 },
      body: { 'Encounter date time': '2026-01-01T00:00:00.000Z' },
    });
    expect(await inEmr()).toContain(`Visit ${changed.id} differs in Observation (29463-7): valueQuantity`);
    const voided = recordsOf(avni.organisation, 'Growth monitoring').find((each) =>
      fhir.repository.all('Encounter').some((e) => originOf(e).endsWith(each.id) && each.id !== changed.id),
    );
    if (!voided) throw new Error('There must be another visit');
    undo.push(() => avni.organisation.change(voided.id, { voided: false }));
    avni.organisation.change(voided.id, { voided: true });
    expect(await inEmr()).toContain(`Visit ${voided.id} should not be there: Encounter`);
  });
});

describe('what came back to Avni is compared', () => {
  it.each([
    ['a name', 'EMR patient', { observations: { 'Last name': 'Other' } }, 'Registration MRN-1 differs in EMR patient: observations'],
    [
      'when somebody came',
      'EMR patient',
      { body: { 'Registration date': '1999-01-01' } },
      'Registration MRN-1 differs in EMR patient: Registration date',
    ],
    ['a value', 'Lab result', { observations: { Haemoglobin: 12 } }, 'LabResult r1 differs in Lab result: observations'],
    ['whose it is', 'Lab result', { body: { 'Subject ID': 'other' } }, 'LabResult r1 differs in Lab result: Subject ID'],
    ['when a visit is due', 'Referral', { body: { 'Max scheduled date': null } }, 'Referral s1 differs in Referral: Max scheduled date'],
    ['that it is there', 'Lab result', { voided: true }, 'LabResult r1 is not there'],
  ])('in %s', async (_what, type, change, told) => {
    alterRecord(type, change);
    expect(await inAvni()).toEqual([told]);
  });

  it('and what should not be there, or is of no resource, is named', async () => {
    alter(first('ServiceRequest', isOf('s1')), { status: 'revoked' });
    alter(first('DiagnosticReport', isOf('r1')), null);
    const [record] = recordsOf(avni.organisation, 'Lab result');
    const twice = avni.organisation.add('encounter', 'Lab result', { ...record?.body });
    undo.push(() => avni.organisation.change(twice.id, { voided: true }));
    expect((await inAvni()).sort()).toEqual(
      ['Referral s1 should not be there', `Lab result ${record?.id} is of no resource`, `Lab result ${twice.id} is of no resource`].sort(),
    );
  });

  it('and what is twice there, or came without Avni’s knowing, is named', async () => {
    const [record] = recordsOf(avni.organisation, 'Lab result');
    const twice = avni.organisation.add('encounter', 'Lab result', { ...record?.body });
    undo.push(() => avni.organisation.change(twice.id, { voided: true }));
    alter(first('DiagnosticReport', isOf('r2')), { status: 'final' });
    expect((await inAvni()).sort()).toEqual(['LabResult r1 is there 2 times', 'LabResult r2 is not there']);
  });
});

it('what is told of differences names no value', async () => {
  alter(first('Patient'), { name: [{ given: ['Rukmini'] }] });
  alterRecord('EMR patient', { observations: { 'First name': 'Rukmini' } });
  const told = agreementText(await compare()).join('\n');
  expect(told).toContain('avni → emr: the systems do NOT agree: 1 differences');
  expect(told).toContain('emr → avni: the systems do NOT agree: 1 differences');
  expect(told).not.toContain('Rukmini');
  expect(agreementText({ inEmr: Array.from({ length: 9 }, () => 'x'), inAvni: [] })).toHaveLength(8);
});
