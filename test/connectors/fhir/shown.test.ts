import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Context, Destination, WriteRequest } from '../../../src/connectors/connector.js';
import { resourceId } from '../../../src/connectors/derived-id.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { shows } from '../../../src/connectors/fhir/shown.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import type { FhirBehaviour } from '../../../src/simulators/fhir/behaviour.js';
import { startFhirSimulator, type FhirSimulator } from '../../../src/simulators/fhir/fhir-simulator.js';

const idOf = (id: string): string => resourceId('i', 'Person', [], id, 'main');
const http = createHttp({ timeout: 10_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
let simulator: FhirSimulator | undefined;
afterEach(async () => {
  await simulator?.close();
});
afterAll(() => http.close());

async function world(
  bundle: number,
): Promise<{ destination: Destination; behave: (how: Partial<FhirBehaviour>) => void; families: () => string[] }> {
  const server = await startFhirSimulator();
  simulator = server;
  const settings = { resource: 'Patient' };
  const destination = fhir.connect('emr', { url: `${server.url}/fhir`, bundle }, { margin: 0 }).destination?.(settings, {
    integration: 'i',
    process: 'p',
    entityTypes: { Person: { formerly: [], settings, resourceNames: ['main'], keyed: [] } },
  });
  if (!destination) throw new Error('FHIR is a destination');
  const families = (): string[] =>
    server.repository
      .all('Patient')
      .map(({ name }) => (name as [{ family: string }])[0].family)
      .sort();
  return { destination, behave: (how) => void Object.assign(server.behaviour, how), families };
}

function request(id: string, action: WriteRequest['action'], family = id): WriteRequest {
  const body = { resourceType: 'Patient', name: [{ family }] };
  return {
    origin: { integration: 'i', process: 'p', entityType: 'Person', id },
    version: '1',
    action,
    resources: action === 'upsert' ? [{ name: 'main', type: 'Patient', body }] : [],
    adopt: false,
  };
}

describe.each([
  ['in bundles', 100],
  ['one by one', 1],
] as const)('what is written %s counts as done where that shows', (_how, bundle) => {
  const ids = ['a', 'b', 'c'];
  const all = (action: WriteRequest['action'], more = ''): WriteRequest[] => ids.map((id) => request(id, action, id + more));
  const kinds = async (destination: Destination, requests: WriteRequest[]): Promise<string[]> =>
    (await destination.write(requests, c)).map(({ kind }) => kind);

  it('it was done, and the answer shows that: nothing more is asked', async () => {
    const { destination } = await world(bundle);
    await destination.write(all('upsert'), c);
    await destination.write(all('upsert', '2'), c);
    await destination.write(all('remove'), c);
    const looked = simulator?.requests.filter((each) => each.startsWith('GET /fhir/Patient/'));
    expect(looked).toEqual([]);
  });

  it.each(['none', 'outcome', 'other'] as const)('it was done, and the answer is %s', async (writeAnswers) => {
    const { destination, behave, families } = await world(bundle);
    behave({ writeAnswers });
    expect(await kinds(destination, all('upsert'))).toEqual(['created', 'created', 'created']);
    expect(await kinds(destination, all('upsert', '2'))).toEqual(['updated', 'updated', 'updated']);
    expect(families()).toEqual(['a2', 'b2', 'c2']);
    expect(await kinds(destination, all('remove'))).toEqual(['removed', 'removed', 'removed']);
    expect(families()).toEqual([]);
  });

  it.each([
    ['error', { code: 'Refused', status: 200, systemCode: 'processing', detail: 'It is not stored' }],
    ['lost', { code: 'NotWritten' }],
  ] as const)(
    'for one record it was not, and the answer is %s: that record is refused, the others are written',
    async (writeAnswers, error) => {
      const { destination, behave, families } = await world(bundle);
      behave({ writeAnswers, writeAnswersFor: idOf('b') });
      const refused = { kind: 'refused', error };
      expect(await destination.write(all('upsert'), c)).toMatchObject([{ kind: 'created' }, refused, { kind: 'created' }]);
      behave({ writeAnswers: 'usual' });
      expect(await kinds(destination, all('upsert'))).toEqual(['unchanged', 'created', 'unchanged']);
      behave({ writeAnswers });
      expect(await destination.write(all('upsert', '2'), c)).toMatchObject([{ kind: 'updated' }, refused, { kind: 'updated' }]);
      expect(families()).toEqual(['a2', 'b', 'c2']);
      behave({ writeAnswersFor: '' });
      expect(await destination.write(all('remove'), c)).toMatchObject([refused, refused, refused]);
      expect(families()).toEqual(['a2', 'b', 'c2']);
    },
  );

  it.each([
    ['throttled', { kind: 'unavailable', failure: { code: 'RateLimited' } }],
    ['login', { kind: 'unavailable', failure: { code: 'Unauthorized' } }],
    ['transient', { kind: 'unavailable', failure: { code: 'Unavailable' } }],
    ['invariant', { kind: 'refused', error: { systemCode: 'invariant', status: 200 } }],
  ])('an error %s inside of a success is as it would be outside', async (code, outcome) => {
    const { destination } = await world(bundle);
    const issue = [
      { severity: 'warning', code: 'informational' },
      { severity: 'error', code, diagnostics: 'Devi' },
    ];
    const respond = { status: 200, body: { resourceType: 'OperationOutcome', issue } };
    simulator?.faults.push({ method: 'PUT', do: { respond } }, { method: 'POST', do: { respond } });
    const [written] = await destination.write([request('a', 'upsert')], c);
    expect(written).toMatchObject(outcome);
    if (written?.kind === 'refused') expect(written.error.message).not.toContain('Devi');
  });

  it('nobody knows where looking it up fails too', async () => {
    const { destination, behave } = await world(bundle);
    behave({ writeAnswers: 'none' });
    simulator?.faults.push({ method: 'GET', path: '/fhir/Patient/', do: { respond: { status: 503 } } });
    expect(await destination.write([request('a', 'upsert')], c)).toMatchObject([{ kind: 'unknown', failure: { code: 'Unavailable' } }]);
  });
});

describe('a bundle whose entries are answered by a status alone', () => {
  const ids = Array.from({ length: 100 }, (_, n) => `r${n}`);
  const all = ids.map((id) => request(id, 'upsert'));
  const reads = (): string[] => simulator?.requests.filter((each) => each.startsWith('GET /fhir/Patient/')) ?? [];
  /** Writes all of them. @returns their outcomes, and how many requests that took in all. */
  const write = async (destination: Destination): Promise<[outcomes: Awaited<ReturnType<Destination['write']>>, requests: number]> => {
    const before = simulator?.requests.length ?? 0;
    const outcomes = await destination.write(all, c);
    return [outcomes, (simulator?.requests.length ?? 0) - before];
  };

  it('is looked up by a few searches', async () => {
    const { destination, behave, families } = await world(100);
    behave({ writeAnswers: 'none' });
    const [outcomes, requests] = await write(destination);
    expect(outcomes.map(({ kind }) => kind)).toEqual(ids.map(() => 'created'));
    expect([families().length, reads()]).toEqual([100, []]);
    expect(requests).toBeLessThan(15);
  });

  it('has one that was not stored refused, and that one alone asked for by itself', async () => {
    const { destination, behave } = await world(100);
    behave({ writeAnswers: 'lost', writeAnswersFor: idOf('r57') });
    const [outcomes] = await write(destination);
    expect(outcomes.map((each) => (each.kind === 'refused' ? each.error.code : each.kind))).toEqual(
      ids.map((id) => (id === 'r57' ? 'NotWritten' : 'created')),
    );
    behave({ writeAnswers: 'none', writeAnswersFor: '' });
    const [again] = await write(destination);
    expect(again.map(({ kind }) => kind)).toEqual(ids.map((id) => (id === 'r57' ? 'created' : 'unchanged')));
  });

  it('is asked for one by one where that search fails', async () => {
    const { destination, behave, families } = await world(100);
    behave({ writeAnswers: 'none' });
    // Between looking for what is there and writing.
    const arriving = (): Promise<void> => {
      simulator?.faults.push({ method: 'POST', path: '/fhir/Patient/_search', times: 1, do: { respond: { status: 503 } } });
      return Promise.resolve();
    };
    const outcomes = await destination.write(all, c, arriving);
    expect(outcomes.map(({ kind }) => kind)).toEqual(ids.map(() => 'created'));
    expect([families().length, reads().length]).toEqual([100, 100]);
  });
});

describe('what a server gives that has no versions', () => {
  const patient = (gender: string): object => ({ resourceType: 'Patient', id: 'a', gender });
  const put = { method: 'PUT', type: 'Patient', id: 'a', body: patient('male') } as const;
  const comparing = { base: 'http://s/fhir', serverAdds: [] };

  it.each([
    ['what was sent', 'male', true],
    ['what stood there before', 'female', false],
  ])('shows by its content whether it is %s', (_what, gender, done) => {
    expect(shows(patient(gender), put, comparing)).toBe(done);
  });

  it('needs no look at the content where the first version came of it', () => {
    const created = { ...patient('unknown'), meta: { versionId: '1' } };
    expect(shows(created, put, comparing)).toBe(true);
  });
});
