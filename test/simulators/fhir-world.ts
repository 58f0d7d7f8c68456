import { afterEach, expect } from '@jest/globals';
import { startFhirSimulator, type FhirSimulator, type FhirSimulatorOptions } from '../../src/simulators/fhir/fhir-simulator.js';

const open: FhirSimulator[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

export interface Answer {
  status: number;
  headers: Headers;
  // Whatever the server says; each test looks at what it needs.
  body: {
    resourceType?: string;
    id?: string;
    total?: number;
    meta?: { versionId?: string };
    issue?: { code: string; diagnostics?: string }[];
    link?: { relation: string; url: string }[];
    entry?: { resource?: { id: string }; response?: { status: string; etag?: string; location?: string } }[];
  };
}
export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

/** A simulator that is closed after the test, and a way to ask it. */
export async function world(options: FhirSimulatorOptions = {}): Promise<{ simulator: FhirSimulator; ask: Ask }> {
  const simulator = await startFhirSimulator(options);
  open.push(simulator);
  const ask: Ask = async (method, path, body, headers = {}) => {
    const response = await fetch(`${simulator.url}/fhir${path}`, {
      method,
      headers: { 'content-type': 'application/fhir+json', ...headers },
      ...(body !== undefined ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as Answer['body'] };
  };
  return { simulator, ask };
}

export const patient = (id: string, more: object = {}) => ({ resourceType: 'Patient', id, ...more });
export const weight = (id: string, subject: string) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'w' },
  subject: { reference: subject },
});
export const invalid = (id: string) => patient(id, { name: 'not a list' });
export const put = (resource: { resourceType: string; id: string }, more: object = {}) => ({
  resource,
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}`, ...more },
});
export const del = (url: string) => ({ request: { method: 'DELETE', url } });
export const bundle = (type: string, ...entry: object[]) => ({ resourceType: 'Bundle', type, entry });
export const idsOf = ({ body }: Answer): (string | undefined)[] => (body.entry ?? []).map(({ resource }) => resource?.id);
export const many = async (ask: Ask, count: number): Promise<void> => {
  const entries = Array.from({ length: count }, (_, n) => {
    const identifier = [{ system: 's', value: String(n) }];
    return put(patient(`p${n}`, { identifier, meta: { tag: [{ system: 't', code: `c${n % 2}` }] } }));
  });
  expect((await ask('POST', '', bundle('transaction', ...entries))).status).toBe(200);
};
