import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { agreementText } from '../../../src/cli/demo/agreement-text.js';
import { compareSystems } from '../../../src/cli/demo/compare/compare-systems.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../../src/simulators/avni/generate.js';
import type { AvniKind } from '../../../src/simulators/avni/record.js';
import { startFhirSimulator, type FhirSimulator } from '../../../src/simulators/fhir/fhir-simulator.js';
import type { Resource } from '../../../src/simulators/fhir/resource.js';
import { clinic } from '../../support/clinic.js';
import { syncAll } from '../../support/sync/sync-all.js';

const http = createHttp();
let avni: AvniSimulator;
let fhir: FhirSimulator;

beforeAll(async () => {
  avni = await startAvniSimulator({ organisation: generateOrganisation({ seed: 3, records: 300 }) });
  fhir = await startFhirSimulator({ token: 'secret-of-fhir' });
  await syncAll(await clinic(avni.url, fhir.url), { signal: new AbortController().signal, http, log: silent });
}, 150_000);
afterAll(async () => {
  http.close();
  await avni.close();
  await fhir.close();
});

const compare = (): Promise<string[]> => compareSystems({ avni: avni.url, fhir: fhir.url });

/** Resources as they were are put back after each test. */
const undo: (() => unknown)[] = [];
beforeEach(async () => {
  for (const each of undo.splice(0)) each();
  expect(await compare()).toEqual([]);
});

/** Alters a stored resource behind everyone’s back; null takes it away. */
function alter(resource: Resource, change: object | null): Resource {
  const { resourceType: type, id } = resource;
  undo.push(() => fhir.repository.put(resource));
  if (change === null) fhir.repository.remove(type, id);
  else fhir.repository.put({ ...resource, ...change });
  return resource;
}

function first(type: string, fits: (resource: Resource) => boolean = () => true): Resource {
  const found = fhir.repository.all(type).find(fits);
  if (!found) throw new Error(`There must be such a ${type}`);
  return found;
}

/** Entity type and record id, as differences begin. */
const recordOf = ({ meta }: Resource): string => (meta?.tag?.[0]?.code ?? '').split('/').slice(2).join(' ');
const someone = (kind: AvniKind, fits: (body: Record<string, unknown>) => boolean = () => true) => {
  const found = avni.organisation.all().find((each) => each.kind === kind && !each.voided && fits(each.body));
  if (!found) throw new Error(`There must be such a ${kind}`);
  return found;
};

const isWeight = (resource: Resource): boolean => JSON.stringify(resource['code']).includes('29463-7');
const isPressure = (resource: Resource): boolean => JSON.stringify(resource['code']).includes('85354-9');

describe('both systems of the demo are compared', () => {
  it.each([
    [
      'a value',
      'Observation',
      isWeight,
      { valueQuantity: { value: 999.5, unit: 'kg' } },
      'differs in Observation (29463-7): valueQuantity',
    ],
    ['a component', 'Observation', isPressure, { component: [] }, 'differs in Observation (85354-9): component'],
    [
      'whom a value is about',
      'Observation',
      isWeight,
      { subject: { reference: 'Patient/other' } },
      'differs in Observation (29463-7): subject',
    ],
    ['its visit', 'Observation', isPressure, { encounter: undefined }, 'differs in Observation (85354-9): encounter'],
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
    expect(await compare()).toEqual([`${recordOf(altered)} ${told}`]);
  });

  it('and what is missing, or there twice, or of no record is named', async () => {
    const weight = alter(first('Observation', isWeight), null);
    const pressure = first('Observation', isPressure);
    undo.push(
      () => fhir.repository.remove('Observation', 'twice'),
      () => fhir.repository.remove('Patient', 'stray'),
    );
    fhir.repository.put({ ...pressure, id: 'twice' });
    fhir.repository.put({ resourceType: 'Patient', id: 'stray' });
    expect((await compare()).sort()).toEqual(
      [
        `${recordOf(weight)} has 0 of Observation (29463-7)`,
        `${recordOf(pressure)} has 2 of Observation (85354-9)`,
        'Patient stray is of no record',
      ].sort(),
    );
  });

  it('and a record that changed, was voided, or came without the destination’s knowing is named', async () => {
    const { organisation } = avni;
    const growth = someone('programEncounter', (body) => body['Encounter date time'] !== null);
    const check = someone('encounter', (body) => body['Encounter date time'] !== null);
    const before = { ...(growth.body['observations'] as object) };
    undo.push(
      () => organisation.change(growth.id, { body: { observations: before } }),
      () => organisation.change(check.id, { voided: false }),
    );
    organisation.change(growth.id, { body: { observations: { ...before, 'Nutrition status': 'Severe', Weight: 77 } } });
    organisation.change(check.id, { voided: true });
    const told = await compare();
    expect(told).toContain(`Growth ${growth.id} differs in Observation (29463-7): valueQuantity`);
    expect(told).toContain(`HealthCheck ${check.id} should not be there: Encounter`);
  });

  it('and what is told of it names no value', async () => {
    alter(first('Patient'), { name: [{ given: ['Rukmini'] }] });
    const told = agreementText(await compare()).join('\n');
    expect(told).toContain('do NOT agree: 1 differences');
    expect(told).not.toContain('Rukmini');
    expect(agreementText(Array.from({ length: 9 }, () => 'x'))).toHaveLength(7);
    expect(agreementText([])).toEqual(['Both systems agree, record by record.']);
  });
});
