import { afterAll, expect, it } from '@jest/globals';
import type { Context } from '../../../src/connectors/connector.js';
import { createHttp } from '../../../src/http/create-http.js';
import { silent } from '../../../src/log.js';
import { startAlteringFront } from '../../support/altering-front.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { startFhirSimulator } from '../../../src/simulators/fhir/fhir-simulator.js';
import { requestFor } from './odd-answers-world.js';

const http = createHttp({ timeout: 20_000, maxBodyBytes: 6_000_000 });
const c: Context = { signal: new AbortController().signal, http, log: silent };
afterAll(() => http.close());

it.each([
  ['250,000 numbers of twenty digits', `[${Array.from({ length: 250_000 }, () => '12345678901234567890').join(',')}]`],
  ['a text of 7 MB', `"${'x'.repeat(7_000_000)}"`],
])(
  'what a server has of one record that is too large to be read is that record’s error: %s',
  async (_what, large) => {
    const simulator = await startFhirSimulator();
    const front = await startAlteringFront(simulator.url);
    const settings = { resource: 'Patient' };
    const entityTypes = { Person: { formerly: [], settings, resourceNames: ['main'], keyed: [] } };
    const connector = fhir.connect('emr', { url: `${front.url}/fhir` }, { margin: 0 });
    const destination = connector.destination?.(settings, { integration: 'i', process: 'p', entityTypes });
    const ids = ['a', 'b', 'large', 'd', 'e'];
    const write = async (change: object) =>
      destination?.write(
        ids.map((id) => requestFor(id, 'upsert', change)),
        c,
      );
    expect(await write({})).toMatchObject(ids.map(() => ({ kind: 'created' })));
    front.alter = {
      hits: ({ method }) => method === 'GET',
      by: (text) => text.replace('"i/p/Person/large"', (found) => `${found},"x":${large}`),
    };
    const outcomes = await write({ active: true });
    expect(outcomes?.map((each) => (each.kind === 'refused' ? each.error.code : each.kind))).toEqual([
      'updated',
      'updated',
      'Refused',
      'updated',
      'updated',
    ]);
    await front.close();
    await simulator.close();
  },
  120_000,
);
