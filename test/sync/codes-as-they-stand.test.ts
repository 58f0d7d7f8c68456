import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IntegrationStore } from '../../src/assembly/integration-store.js';
import { connectorTypes } from '../../src/connectors/all.js';
import { createHttp } from '../../src/http/create-http.js';
import { silent } from '../../src/log.js';
import { startAvniSimulator, type AvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { startFhirSimulator, type FhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { clinicEnv } from '../support/clinic.js';
import { copyClinic } from '../support/clinic-folder.js';
import { syncAll } from '../support/sync/sync-all.js';

let avni: AvniSimulator;
let fhir: FhirSimulator;
const http = createHttp();

beforeEach(async () => {
  avni = await startAvniSimulator({
    organisation: generateOrganisation({ seed: 5, records: 60 }),
    user: { username: 'integrator', password: 'secret-of-avni' },
  });
  fhir = await startFhirSimulator({ token: 'secret-of-fhir' });
});

afterEach(async () => {
  http.close();
  await avni.close();
  await fhir.close();
});

/** Every language code of every Patient that is written, by this table. */
async function languagesBy(codes: string): Promise<{ written: unknown[]; read: number; errored: number }> {
  const folder = await copyClinic([['languages: { Hindi: hi, Kannada: kn,', `languages: { ${codes},`]]);
  try {
    const store = new IntegrationStore({ path: folder.path, connectorTypes, env: clinicEnv(avni.url, fhir.url), log: silent });
    const found = await store.find('clinic/maternal-health');
    if ('missing' in found) throw new Error(found.message);
    const { Beneficiary } = await syncAll(found.active, { signal: new AbortController().signal, http, log: silent });
    const codings = fhir.repository.all('Patient').flatMap((patient) => {
      const { communication = [] } = patient as unknown as { communication?: { language: { coding: { code?: string }[] } }[] };
      return communication.flatMap(({ language }) => language.coding.map(({ code }) => code));
    });
    return { written: [...new Set(codings)], read: Beneficiary?.sheet.read ?? 0, errored: Beneficiary?.sheet.errored ?? 0 };
  } finally {
    await folder.remove();
  }
}

describe('codes of a definition, over both systems', () => {
  it('arrive as they stand in the file', async () => {
    const { written, errored } = await languagesBy('Kannada: 1E50, Hindi: 0123');
    expect(errored).toBe(0);
    expect(written).toEqual(expect.arrayContaining(['1E50', '0123']));
  });

  it('that are not there yet make errors of the records that need them, and no Coding without a code', async () => {
    const { written, read, errored } = await languagesBy('Kannada: , Hindi: hi');
    // All of them speak it.
    expect(read).toBeGreaterThan(0);
    expect(errored).toBe(read);
    expect(written).toEqual([]);
  });
});
