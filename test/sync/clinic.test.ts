import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActiveProcess } from '../../src/assembly/active-process.js';
import type { Context } from '../../src/connectors/connector.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { startFhirSimulator, type FhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { clinic, differences } from '../support/clinic.js';
import { syncAll } from '../support/sync/sync-all.js';
import { isWrite } from '../support/is-write.js';

let avni: AvniSimulator;
let fhir: FhirSimulator;
let active: ActiveProcess;
const http = createHttp();
const context = (): Context => ({ signal: new AbortController().signal, http, log: silent });

beforeAll(async () => {
  avni = await startAvniSimulator({
    organisation: generateOrganisation({ seed: 1, records: 1500 }),
    user: { username: 'integrator', password: 'secret-of-avni' },
  });
  fhir = await startFhirSimulator({ token: 'secret-of-fhir', strict: true });
  active = await clinic(avni.url, fhir.url);
});

afterAll(async () => {
  http.close();
  await avni.close();
  await fhir.close();
});

describe('the clinic definition over both systems', () => {
  it('brings every record over in order, and then changes nothing', async () => {
    const first = await syncAll(active, context());
    expect(Object.values(first).map(({ done, stopped }) => [done, stopped])).toEqual([1, 2, 3, 4].map(() => [true, undefined]));
    expect(differences(avni.organisation, fhir.repository)).toEqual([]);
    const versions = fhir.repository.all().map(({ id, meta }) => [id, meta?.versionId]);
    const writes = fhir.requests.filter(isWrite).length;
    const second = await syncAll(active, context());
    expect(fhir.repository.all().map(({ id, meta }) => [id, meta?.versionId])).toEqual(versions);
    expect(fhir.requests.filter(isWrite).length).toBe(writes);
    for (const { sheet } of Object.values(second)) expect(sheet).toMatchObject({ created: 0, updated: 0, removed: 0, errored: 0, held: 0 });
  });
});
