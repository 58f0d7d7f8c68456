import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Context, Destination, WriteRequest } from '../../../src/connectors/connector.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import type { FhirBehaviour } from '../../../src/simulators/fhir/behaviour.js';
import { startFhirSimulator, type FhirSimulator } from '../../../src/simulators/fhir/fhir-simulator.js';
import { isWrite } from '../../support/is-write.js';

const http = createHttp({ timeout: 20_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
const open: FhirSimulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
afterAll(() => http.close());

interface World {
  simulator: FhirSimulator;
  destination: Destination;
}

async function world(behaviour: Partial<FhirBehaviour>, keyed: string[] = []): Promise<World> {
  const simulator = await startFhirSimulator({ behaviour: { ...behaviour, clientIds: false } });
  open.push(simulator);
  const system = fhir.systemSettings.parse({ url: `${simulator.url}/fhir`, ids: 'server' });
  const settings = { resources: ['Patient', 'Observation'] };
  const entityTypes = { Person: { formerly: [], settings, resourceNames: ['main', 'weight'], keyed } };
  const destination = fhir.connect('emr', system, { margin: 0 }).destination?.(settings, { integration: 'i', process: 'p', entityTypes });
  if (!destination) throw new Error('FHIR is a destination');
  return { simulator, destination };
}

function upsert({ destination }: World, id: string, family = 'F', key?: string): WriteRequest {
  const patient = { resourceType: 'Patient', name: [{ family }] };
  const weight = { resourceType: 'Observation', status: 'final', code: { text: 'w' }, subject: destination.placeholder('main') };
  return {
    origin: { integration: 'i', process: 'p', entityType: 'Person', id },
    version: '1',
    action: 'upsert',
    resources: [
      { name: 'weight', type: 'Observation', body: weight },
      { name: 'main', type: 'Patient', body: patient, ...(key !== undefined ? { key: { system: 'urn:k', value: key } } : {}) },
    ],
    adopt: false,
  };
}

const kinds = async ({ destination }: World, requests: WriteRequest[]) => (await destination.write(requests, c)).map(({ kind }) => kind);
const patients = ({ simulator }: World) => simulator.repository.all('Patient');

describe.each<[string, Partial<FhirBehaviour>]>([
  ['with transactions', {}],
  ['without transactions', { transactions: false }],
  ['without ETags, that answers by a status alone', { transactions: false, etags: false }],
])('a server that chooses ids itself, %s', (_name, behaviour) => {
  it('creates each once under an id of its own, with references, then sends nothing, then only what differs', async () => {
    const one = await world({ ...behaviour, strict: true });
    const all = Array.from({ length: 30 }, (_, n) => `r${n}`);
    expect(
      new Set(
        await kinds(
          one,
          all.map((id) => upsert(one, id)),
        ),
      ),
    ).toEqual(new Set(['created']));
    expect(patients(one)).toHaveLength(30);
    for (const { subject } of one.simulator.repository.all('Observation') as unknown as { subject: { reference: string } }[])
      expect(patients(one).map(({ id }) => `Patient/${id}`)).toContain(subject.reference);
    const before = one.simulator.requests.filter(isWrite).length;
    expect(
      new Set(
        await kinds(
          one,
          all.map((id) => upsert(one, id)),
        ),
      ),
    ).toEqual(new Set(['unchanged']));
    expect(one.simulator.requests.filter(isWrite)).toHaveLength(before);
    expect(await kinds(one, [upsert(one, 'r3', 'G'), upsert(one, 'r4')])).toEqual(['updated', 'unchanged']);
    expect(patients(one)).toHaveLength(30);
  });

  it('is asked for a parent by what Sangam put there, and gives its own id', async () => {
    const one = await world(behaviour);
    await kinds(one, [upsert(one, 'a'), upsert(one, 'b')]);
    const answers = await one.destination.find(
      [
        { origin: { entityType: 'Person', id: 'a' } },
        { origin: { entityType: 'Person', id: 'b' }, name: 'weight' },
        { origin: { entityType: 'Person', id: 'gone' } },
      ],
      c,
    );
    const [main, weight, none] = answers.map((each) => ('code' in each ? [] : each));
    expect(one.simulator.repository.get('Patient', main?.[0]?.id ?? '')?.meta?.tag).toContainEqual({
      system: 'urn:sangam:origin',
      code: 'i/p/Person/a',
    });
    expect(one.simulator.repository.get('Observation', weight?.[0]?.id ?? '')).toBeDefined();
    expect(none).toEqual([]);
  });

  it('has each once though an answer was lost, and though another worker writes the same', async () => {
    const one = await world(behaviour);
    one.simulator.faults.push({ method: 'POST', path: '/fhir', times: 2, do: 'resetAfter' });
    await kinds(one, [upsert(one, 'a'), upsert(one, 'b')]);
    one.simulator.faults.length = 0;
    const again = await kinds(one, [upsert(one, 'a'), upsert(one, 'b')]);
    expect(again.every((kind) => kind === 'unchanged' || kind === 'created' || kind === 'updated')).toBe(true);
    expect(await kinds(one, [upsert(one, 'a'), upsert(one, 'b')])).toEqual(['unchanged', 'unchanged']);
    await Promise.all([kinds(one, [upsert(one, 'c')]), kinds(one, [upsert(one, 'c')])]);
    expect(patients(one)).toHaveLength(3);
    expect(one.simulator.repository.all('Observation')).toHaveLength(3);
  });

  it('meets what has the key, and does not take it over unless it may', async () => {
    const one = await world(behaviour, ['main']);
    one.simulator.repository.put({ resourceType: 'Patient', id: 'theirs', identifier: [{ system: 'urn:k', value: '7' }] });
    expect(await kinds(one, [upsert(one, 'a', 'F', '7'), upsert(one, 'b', 'F', '8')])).toEqual(['refused', 'created']);
    expect(await kinds(one, [{ ...upsert(one, 'a', 'F', '7'), adopt: true }])).toEqual(['updated']);
    expect(await kinds(one, [{ ...upsert(one, 'a', 'F', '7'), adopt: true }, upsert(one, 'b', 'F', '8')])).toEqual([
      'unchanged',
      'unchanged',
    ]);
    expect(patients(one)).toHaveLength(2);
  });

  it('removes, and creates anew what returns', async () => {
    const one = await world(behaviour);
    await kinds(one, [upsert(one, 'a')]);
    expect(await kinds(one, [{ ...upsert(one, 'a'), action: 'remove', resources: [] }])).toEqual(['removed']);
    expect(patients(one)).toEqual([]);
    expect(await kinds(one, [upsert(one, 'a')])).toEqual(['created']);
    expect(await kinds(one, [upsert(one, 'a')])).toEqual(['unchanged']);
  });
});

it('takes away what was written twice by a server that does not keep to If-None-Exist', async () => {
  const one = await world({});
  await kinds(one, [upsert(one, 'a')]);
  const [first] = patients(one);
  if (!first) throw new Error('It was created');
  one.simulator.repository.put({ ...first, id: 'double' });
  await kinds(one, [upsert(one, 'a')]);
  expect(patients(one)).toHaveLength(1);
});
