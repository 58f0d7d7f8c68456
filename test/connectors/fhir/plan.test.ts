import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Context, Destination, WriteRequest } from '../../../src/connectors/connector.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startFhirSimulator, type FhirSimulator } from '../../../src/simulators/fhir/fhir-simulator.js';
import type { FhirBehaviour } from '../../../src/simulators/fhir/behaviour.js';

const http = createHttp({ timeout: 20_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
let simulator: FhirSimulator | undefined;

afterEach(async () => {
  await simulator?.close();
});
afterAll(() => http.close());

async function having(behaviour: Partial<FhirBehaviour>): Promise<Destination> {
  simulator = await startFhirSimulator({ behaviour });
  const settings = { resource: 'Patient' };
  const entityTypes = { Person: { formerly: [], settings, resourceNames: ['main'], keyed: [] } };
  const connector = fhir.connect('emr', { url: `${simulator.url}/fhir`, bundle: 100 }, { margin: 0 });
  const destination = connector.destination?.(settings, { integration: 'i', process: 'p', entityTypes });
  if (!destination) throw new Error('FHIR is a destination');
  return destination;
}

function born(birthDate: string): WriteRequest {
  const body = { resourceType: 'Patient', birthDate };
  return {
    origin: { integration: 'i', process: 'p', entityType: 'Person', id: 'a' },
    version: '1',
    action: 'upsert',
    resources: [{ name: 'main', type: 'Patient', body }],
    adopt: false,
  };
}

/** Far in the future, which the simulator's own rule refuses. */
const unborn = born('2999-01-01');

describe('what a write would come to', () => {
  it('is asked of the server itself, and told as it would tell the write, with nothing stored', async () => {
    const destination = await having({ rules: true });
    const planned = await destination.plan?.([unborn, born('2001-01-01')], c);
    expect(planned).toMatchObject([
      { kind: 'refused', error: { code: 'Refused', systemCode: 'business-rule' } },
      { kind: 'created', validated: true },
    ]);
    expect(simulator?.repository.all()).toEqual([]);
    const [written] = await destination.write([unborn], c);
    const detailOf = (outcome: unknown): unknown => (outcome as { error?: { detail?: unknown } } | undefined)?.error?.detail;
    expect(detailOf(planned?.[0])).toEqual(detailOf(written));
    expect(detailOf(written)).toEqual(expect.any(String));
  });

  it('is not told as asked where the server has no such operation', async () => {
    const destination = await having({ rules: true, validation: false });
    const planned = await destination.plan?.([unborn], c);
    expect(planned).toMatchObject([{ kind: 'created' }]);
    expect(planned?.[0]).not.toHaveProperty('validated');
  });

  it.each([401, 403, 404, 405, 429, 500, 501, 503])(
    'is not told as asked, nor as refused, where it is answered with %i',
    async (status) => {
      const destination = await having({ rules: true });
      simulator?.faults.push({ path: '/fhir/Patient/$validate', do: { respond: { status, body: 'no' } } });
      const planned = await destination.plan?.([unborn], c);
      expect(planned).toMatchObject([{ kind: 'created' }]);
      expect(planned?.[0]).not.toHaveProperty('validated');
    },
  );

  it('asks for nothing where nothing would be sent', async () => {
    const destination = await having({});
    const request = born('2001-01-01');
    await destination.write([request], c);
    expect(await destination.plan?.([request], c)).toMatchObject([{ kind: 'unchanged' }]);
    expect(simulator?.requests.filter((each) => each.includes('$validate'))).toEqual([]);
  });
});
