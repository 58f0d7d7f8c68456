import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Context, Destination } from '../../../src/connectors/connector.js';
import { resourceId } from '../../../src/connectors/derived-id.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startFhirSimulator, type FhirSimulator } from '../../../src/simulators/fhir/fhir-simulator.js';
import { person, told } from './adopt-world.js';

const http = createHttp({ timeout: 20_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
afterAll(() => http.close());
let simulator: FhirSimulator;
beforeEach(async () => {
  simulator = await startFhirSimulator();
});
afterEach(() => simulator.close());

function destination(serverAdds: string[]): Destination {
  const settings = { resource: 'Patient', serverAdds };
  const made = fhir.connect('emr', { url: `${simulator.url}/fhir`, bundle: 100 }, { margin: 0 }).destination?.(settings, {
    integration: 'i',
    process: 'p',
    entityTypes: { Person: { formerly: [], settings, resourceNames: ['main'], keyed: [] } },
  });
  if (!made) throw new Error('FHIR is a destination');
  return made;
}

const id = resourceId('i', 'Person', [], 'a', 'main');
const added = {
  managingOrganization: { reference: 'Organization/o' },
  _birthDate: { extension: [{ url: 'urn:x', valueTime: '03:30:00' }] },
};

describe.each([[['Patient.managingOrganization', 'birthDate']], [['managingOrganization', 'Patient.birthDate']]])(
  'what serverAdds names: %j',
  (serverAdds) => {
    it('stays where the record changes, and where it does not', async () => {
      const write = async (more: object): Promise<string[]> => told(await destination(serverAdds).write([person('a', undefined, more)], c));
      expect(await write({ birthDate: '1994-03-02' })).toEqual(['created']);
      simulator.repository.put({ ...simulator.repository.get('Patient', id), resourceType: 'Patient', id, ...added });
      expect(await write({ birthDate: '1994-03-02' })).toEqual(['unchanged']);
      expect(await write({ birthDate: '1994-03-02', gender: 'male' })).toEqual(['updated']);
      expect(simulator.repository.get('Patient', id)).toMatchObject({ ...added, gender: 'male' });
      // What the mapping gives itself is as it gives it.
      expect(await write({ managingOrganization: { reference: 'Organization/p' }, gender: 'female' })).toEqual(['updated']);
      expect(simulator.repository.get('Patient', id)).toMatchObject({ managingOrganization: { reference: 'Organization/p' } });
    });
  },
);
