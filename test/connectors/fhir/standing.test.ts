import { afterAll, expect, it } from '@jest/globals';
import type { Context, WriteRequest } from '../../../src/connectors/connector.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import type { Json } from '../../../src/model/bookmark.js';
import { startFhirSimulator } from '../../../src/simulators/fhir/fhir-simulator.js';

const http = createHttp();
const c: Context = { signal: new AbortController().signal, http, log: silent };
afterAll(() => http.close());

const settings = { resources: ['Patient', 'Observation'] };

it.each([{}, { sorts: false }, { stamps: 's', totals: false }] as const)(
  'what stands on a server (%j) is told by its origins, page after page, of each type',
  async (behaviour) => {
    const simulator = await startFhirSimulator({ behaviour });
    const connector = fhir.connect('emr', fhir.systemSettings.parse({ url: `${simulator.url}/fhir` }), { margin: 0 });
    const known = { formerly: [], settings, resourceNames: ['main'], keyed: [] };
    const entityTypes = { Person: known, Weight: known, Other: known };
    const destination = connector.destination?.(settings, { integration: 'i', process: 'p', entityTypes });
    if (!destination?.standing) throw new Error('FHIR tells');
    const request = (entityType: string, id: string, action: WriteRequest['action'] = 'upsert'): WriteRequest => {
      const patient = { resourceType: 'Patient', name: [{ family: 'F' }] };
      const weight = { resourceType: 'Observation', status: 'final', code: { text: 'w' } };
      const body = entityType === 'Weight' ? weight : patient;
      const resources = action === 'upsert' ? [{ name: 'main', type: body.resourceType, body }] : [];
      return { origin: { integration: 'i', process: 'p', entityType, id }, version: '1', action, resources, adopt: false };
    };
    const ids = Array.from({ length: 25 }, (_, n) => `r${n}`);
    await destination.write([...ids.map((id) => request('Person', id)), request('Other', 'theirs'), request('Weight', 'w')], c);
    await destination.write([request('Person', 'r3', 'mark'), request('Person', 'r4', 'remove')], c);
    simulator.repository.put({ resourceType: 'Patient', id: 'nobodys' });
    const all = async (entityType: string): Promise<string[]> => {
      const found: string[] = [];
      let from: Json | undefined;
      do {
        const page = await destination.standing?.(entityType, from, 10, c);
        found.push(...(page?.ids ?? []));
        from = page?.next === undefined ? undefined : (JSON.parse(JSON.stringify(page.next)) as Json);
      } while (from !== undefined);
      return found.sort();
    };
    expect(await all('Person')).toEqual(ids.filter((id) => id !== 'r3' && id !== 'r4').sort());
    expect([await all('Weight'), await all('Unknown')]).toEqual([['w'], []]);
    await simulator.close();
  },
);
