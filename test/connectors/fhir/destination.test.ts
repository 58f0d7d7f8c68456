import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Context, Destination, WriteRequest } from '../../../src/connectors/connector.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { ORIGIN_TAG } from '../../../src/connectors/fhir/identity.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startFhirSimulator, type FhirSimulator, type FhirSimulatorOptions } from '../../../src/simulators/fhir/fhir-simulator.js';
import { isWrite } from '../../support/is-write.js';

const http = createHttp({ timeout: 6_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
const open: FhirSimulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
afterAll(() => http.close());

async function world(
  options: FhirSimulatorOptions = {},
  system: object = {},
  settings: object = { resources: ['Patient', 'Observation'] },
): Promise<{ simulator: FhirSimulator; destination: Destination }> {
  const simulator = await startFhirSimulator(options);
  open.push(simulator);
  const connector = fhir.connect(
    'emr',
    { url: `${simulator.url}/fhir`, ...system, bundle: (system as { bundle?: number }).bundle ?? 100 },
    { margin: 0 },
  );
  const destination = connector.destination?.(settings, {
    integration: 'i',
    process: 'p',
    entityTypes: { Person: { formerly: [], settings, resourceNames: ['main', 'weight'], keyed: [] } },
  });
  if (!destination) throw new Error('FHIR is a destination');
  return { simulator, destination };
}

function upsert(id: string, resources: Record<string, object>, more: Partial<WriteRequest> = {}): WriteRequest {
  return {
    origin: { integration: 'i', process: 'p', entityType: 'Person', id },
    version: '1',
    action: 'upsert',
    resources: Object.entries(resources).map(([name, body]) => ({ name, type: (body as { resourceType: string }).resourceType, body })),
    adopt: false,
    ...more,
  };
}

const patient = (family = 'F') => ({ resourceType: 'Patient', name: [{ family }] });
const weight = (destination: Destination) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'w' },
  subject: destination.placeholder('main'),
});
const writes = ({ requests }: FhirSimulator): number => requests.filter(isWrite).length;

describe.each([
  ['by transactions', {}, {}],
  ['one by one', {}, { bundle: 1 }],
  ['on a server without transactions', { transactions: false }, {}],
] as const)('writing %s', (_name, options, system) => {
  it('creates, then sends nothing, then only what differs', async () => {
    const { simulator, destination } = await world({ ...options, strict: true }, system);
    const request = (family: string): WriteRequest => upsert('a', { weight: weight(destination), main: patient(family) });
    expect((await destination.write([request('F')], c)).map(({ kind }) => kind)).toEqual(['created']);
    const before = writes(simulator);
    for (let n = 0; n < 2; n += 1) expect((await destination.write([request('F')], c)).map(({ kind }) => kind)).toEqual(['unchanged']);
    expect(writes(simulator)).toBe(before);
    expect((await destination.write([request('G')], c)).map(({ kind }) => kind)).toEqual(['updated']);
    expect(simulator.repository.all('Observation')[0]?.meta?.versionId).toBe('1');
    expect(simulator.repository.all('Patient')[0]).toMatchObject({
      name: [{ family: 'G' }],
      meta: { tag: [{ system: ORIGIN_TAG, code: 'i/p/Person/a' }] },
    });
  });

  it('removes what a record no longer has, and all of it when told so', async () => {
    const { simulator, destination } = await world({ ...options, strict: true }, system);
    await destination.write([upsert('a', { main: patient(), weight: weight(destination) })], c);
    expect(await destination.write([upsert('a', { main: patient() })], c)).toMatchObject([{ kind: 'updated' }]);
    expect(simulator.repository.all('Observation')).toEqual([]);
    await destination.write([upsert('a', { main: patient(), weight: weight(destination) })], c);
    expect(await destination.write([upsert('a', {}, { action: 'remove' }), upsert('b', {}, { action: 'remove' })], c)).toMatchObject([
      { kind: 'removed' },
      { kind: 'absent' },
    ]);
    expect(simulator.repository.all()).toEqual([]);
  });

  it('marks, and does so once', async () => {
    const { simulator, destination } = await world(options, system);
    await destination.write([upsert('a', { main: patient(), weight: weight(destination) })], c);
    const mark = upsert('a', {}, { action: 'mark' });
    expect(await destination.write([mark], c)).toMatchObject([{ kind: 'updated' }]);
    expect(await destination.write([mark], c)).toMatchObject([{ kind: 'unchanged' }]);
    expect(simulator.repository.all('Patient')[0]).toMatchObject({ active: false });
    expect(simulator.repository.all('Observation')[0]).toMatchObject({ status: 'entered-in-error' });
  });

  it('refuses the one bad record and writes the others', async () => {
    const { simulator, destination } = await world(options, system);
    const bad = { resourceType: 'Patient', name: 'not a list of names' };
    const requests = ['a', 'b', 'c', 'd', 'e'].map((id) => upsert(id, { main: id === 'c' ? bad : patient(id) }));
    const outcomes = await destination.write(requests, c);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['created', 'created', 'refused', 'created', 'created']);
    expect(outcomes[2]).toMatchObject({ error: { code: 'Refused', status: 422 } });
    expect(simulator.repository.all().length).toBe(4);
  });

  it('looks again where someone else changed it in between', async () => {
    const { simulator, destination } = await world(options, system);
    await destination.write([upsert('a', { main: patient() })], c);
    simulator.faults.push(
      { method: 'POST', times: 1, do: { respond: { status: 412, body: {} } } },
      { method: 'PUT', times: 1, do: { respond: { status: 412, body: {} } } },
    );
    expect(await destination.write([upsert('a', { main: patient('G') })], c)).toMatchObject([{ kind: 'updated' }]);
  });

  it.each([
    [{ respond: { status: 503, headers: { 'retry-after': '3' } } }, { kind: 'unavailable', retryAfter: 3000 }],
    [{ respond: { status: 401 } }, { kind: 'unavailable', failure: { code: 'Unauthorized' } }],
    ['hang', { kind: 'unknown', failure: { code: 'TimedOut' } }],
    ['reset', { kind: 'unknown' }],
    [{ respond: { status: 200, body: '<html>Sign in</html>' } }, { kind: 'unknown', failure: { code: 'BadResponse' } }],
  ] as const)('does not take %j for the record’s fault', async (fault, outcome) => {
    const { simulator, destination } = await world(options, system);
    simulator.faults.push({ method: 'POST', do: fault }, { method: 'PUT', do: fault });
    expect(await destination.write([upsert('a', { main: patient() })], c)).toMatchObject([outcome]);
  });
});

describe('business keys', () => {
  const keyed = (id: string, adopt: boolean): WriteRequest => {
    const request = upsert(id, {}, { adopt });
    return { ...request, resources: [{ name: 'main', type: 'Patient', key: { system: 's', value: 'k' }, body: patient() }] };
  };

  it('takes over a resource that is there only where it may, and marks it instead of removing it', async () => {
    const { simulator, destination } = await world();
    simulator.repository.put({ resourceType: 'Patient', id: 'theirs', identifier: [{ system: 's', value: 'k' }] });
    expect(await destination.write([keyed('a', false)], c)).toMatchObject([{ kind: 'refused', error: { code: 'NotAdopted' } }]);
    expect(await destination.write([keyed('a', true)], c)).toMatchObject([{ ids: { main: 'theirs' } }]);
    expect(await destination.write([keyed('a', true)], c)).toMatchObject([{ kind: 'unchanged' }]);
    expect(await destination.write([keyed('b', true)], c)).toMatchObject([{ kind: 'refused', error: { code: 'KeyCollision' } }]);
    await destination.write([upsert('a', {}, { action: 'remove' })], c);
    expect(simulator.repository.get('Patient', 'theirs')).toMatchObject({ active: false });
  });

  it.each([
    ['that nothing has yet', undefined],
    ['of a resource that may be taken over', 'theirs'],
  ])('goes to one record alone where several of a page bring one %s', async (_what, theirs) => {
    const { simulator, destination } = await world();
    if (theirs) simulator.repository.put({ resourceType: 'Patient', id: theirs, identifier: [{ system: 's', value: 'k' }] });
    const requests = ['a', 'b', 'c'].map((id) => keyed(id, true));
    const refused = { kind: 'refused', error: { code: 'KeyCollision' } };
    const [first, ...others] = await destination.write(requests, c);
    expect(['created', 'updated']).toContain(first?.kind);
    expect(others).toMatchObject([refused, refused]);
    expect(simulator.repository.all('Patient')).toHaveLength(1);
    expect(await destination.write(requests, c)).toMatchObject([{ kind: 'unchanged' }, refused, refused]);
  });
});

describe('looking ahead', () => {
  it('serves the write that follows: what is unchanged is asked for once, and not written', async () => {
    const { simulator, destination } = await world();
    const requests = ['a', 'b'].map((id) => upsert(id, { main: patient() }));
    await destination.write(requests, c);
    const before = simulator.requests.length;
    const ahead = destination.lookAhead?.(
      requests.map(({ origin }) => origin),
      c,
    );
    await ahead?.ended;
    const looked = simulator.requests.length;
    expect(looked).toBeGreaterThan(before);
    expect(await destination.write(requests, c, undefined, ahead)).toMatchObject([{ kind: 'unchanged' }, { kind: 'unchanged' }]);
    expect(simulator.requests.length).toBe(looked);
  });

  it('is done again for records it was not asked about, and where what it found has changed since', async () => {
    const { simulator, destination } = await world();
    await destination.write([upsert('a', { main: patient('1') })], c);
    const lookAt = (id: string) => destination.lookAhead?.([upsert(id, {}).origin], c);
    expect(await destination.write([upsert('a', { main: patient('1') })], c, undefined, lookAt('b'))).toMatchObject([
      { kind: 'unchanged' },
    ]);
    const ahead = lookAt('a');
    await ahead?.ended;
    await destination.write([upsert('a', { main: patient('2') })], c);
    expect(await destination.write([upsert('a', { main: patient('3') })], c, undefined, ahead)).toMatchObject([{ kind: 'updated' }]);
    expect(simulator.repository.all('Patient')).toMatchObject([{ name: [{ family: '3' }] }]);
  });

  it('shows its failure in the write, and never by itself', async () => {
    const { simulator, destination } = await world();
    await simulator.close();
    const ahead = destination.lookAhead?.([upsert('a', {}).origin], c);
    await expect(ahead?.ended).resolves.toBeUndefined();
    await expect(destination.write([upsert('a', { main: patient() })], c, undefined, ahead)).rejects.toMatchObject({
      code: 'Unreachable',
    });
  });
});

describe('shape', () => {
  it('makes lists of what R4 has as lists, drops what is empty, and refuses what is not valid, without the value', async () => {
    const { destination } = await world();
    expect(
      destination.shape('main', {
        resourceType: 'Patient',
        name: { given: 'A', family: '' },
        telecom: [],
        contact: [null],
        birthDate: ['2020-01-01'],
      }),
    ).toEqual({
      type: 'Patient',
      body: { resourceType: 'Patient', name: [{ given: ['A'] }], birthDate: '2020-01-01' },
    });
    for (const wrong of [
      { gender: 'SENTINEL' },
      { birthDate: 'SENTINEL' },
      { surname: 'SENTINEL' },
      { name: 'SENTINEL' },
      { contact: { name: { family: 'x' }, gender: 'SENTINEL' } },
      { constructor: 'SENTINEL' },
    ]) {
      const shaped = destination.shape('main', { resourceType: 'Patient', active: true, ...wrong });
      expect(shaped).toMatchObject({ error: { code: 'InvalidResource' } });
      const { detail: _detail, ...told } = (shaped as unknown as { error: Record<string, unknown> }).error;
      expect(JSON.stringify(told)).not.toContain('SENTINEL');
    }
    expect(destination.shape('main', { resourceType: 'Encounter' })).toMatchObject({ error: { path: 'resourceType' } });
  });
});

describe('a business key', () => {
  const response = { resourceType: 'QuestionnaireResponse', status: 'completed' };
  const key = { system: 'urn:x', value: '1' };
  const keyed = (id: string, body: { resourceType: string }, more: Partial<WriteRequest> = {}) =>
    upsert(id, {}, { resources: [{ name: 'main', type: body.resourceType, key, body }], ...more });

  it('is the one identifier of a type that has one', async () => {
    const { simulator, destination } = await world({}, {}, { resource: 'QuestionnaireResponse' });
    expect((await destination.write([keyed('a', response)], c))[0]?.kind).toBe('created');
    expect(simulator.repository.all('QuestionnaireResponse')[0]).toMatchObject({ identifier: key });
    expect((await destination.write([keyed('a', response)], c))[0]?.kind).toBe('unchanged');
    expect(await destination.write([keyed('b', response)], c)).toMatchObject([{ error: { code: 'KeyCollision' } }]);
    const other = {
      type: 'QuestionnaireResponse',
      name: 'main',
      key: { system: 'urn:x', value: '3' },
      body: { ...response, identifier: { value: '2' } },
    };
    expect(await destination.write([upsert('c', {}, { resources: [other] })], c)).toMatchObject([{ error: { code: 'InvalidResource' } }]);
    expect(simulator.repository.all('QuestionnaireResponse')).toHaveLength(1);
  });

  it('is refused for a type that has none, and nothing is sent', async () => {
    const { simulator, destination } = await world({}, {}, { resource: 'Provenance' });
    const [outcome] = await destination.write([keyed('a', { resourceType: 'Provenance' })], c);
    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(writes(simulator)).toBe(0);
  });
});

describe('marking', () => {
  it.each([{ actve: 'no' }, { active: 'no' }, { gender: 'no' }])(
    'with %j is refused, since R4 has no such thing, and nothing is sent',
    async (mark) => {
      const { simulator, destination } = await world({}, {}, { resource: 'Patient', mark: { Patient: mark } });
      await destination.write([upsert('a', { main: patient('Devi') })], c);
      const before = writes(simulator);
      const [outcome] = await destination.write([upsert('a', {}, { action: 'mark' })], c);
      expect(outcome).toMatchObject({
        kind: 'refused',
        error: { code: 'InvalidResource', message: expect.stringContaining('cannot be marked') as unknown },
      });
      expect(JSON.stringify(outcome)).not.toContain('Devi');
      expect(writes(simulator)).toBe(before);
    },
  );

  it('is sent though a server that takes anything holds what was not valid before', async () => {
    const { simulator, destination } = await world({ behaviour: { validates: false } }, {}, { resource: 'Patient' });
    await destination.write([upsert('a', { main: patient() })], c);
    const [stored] = simulator.repository.all('Patient');
    simulator.repository.put({ ...stored, resourceType: 'Patient', id: stored?.id ?? '', gender: 'M' });
    expect(await destination.write([upsert('a', {}, { action: 'mark' })], c)).toMatchObject([{ kind: 'updated' }]);
    expect(simulator.repository.all('Patient')).toMatchObject([{ active: false, gender: 'M' }]);
  });
});
