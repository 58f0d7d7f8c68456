import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { silent } from '../../src/log.js';
import { createHttp } from '../../src/http/create-http.js';
import { startAvniSimulator } from '../../src/simulators/avni/avni-simulator.js';
import { generateOrganisation } from '../../src/simulators/avni/generate.js';
import { startFhirSimulator } from '../../src/simulators/fhir/fhir-simulator.js';
import { clinic, clinicEnv } from '../support/clinic.js';
import { recordsOf } from '../support/hospital.js';
import { syncAll } from '../support/sync/sync-all.js';

const run = promisify(execFile);
const page = await readFile('docs/ownership.md', 'utf8');
const example = /^```js correct-phone\.mjs\n(.*?)^```$/ms.exec(page)?.[1] ?? '';

it('the example of docs/ownership.md changes a subject at once, and the change arrives in the EMR by itself', async () => {
  const user = { username: 'integrator', password: 'secret-of-avni' };
  const avni = await startAvniSimulator({ organisation: generateOrganisation({ seed: 5, records: 30 }), user });
  const fhir = await startFhirSimulator({ token: 'secret-of-fhir' });
  const http = createHttp();
  const folder = await mkdtemp(join(tmpdir(), 'sangam-side-use-'));
  const env = clinicEnv(avni.url, fhir.url);
  const call = (...given: string[]) =>
    run(process.execPath, [join(folder, 'correct-phone.mjs'), ...given], { env: { ...process.env, ...env } });
  try {
    await writeFile(join(folder, 'correct-phone.mjs'), example);
    const active = await clinic(avni.url, fhir.url);
    const cycle = () => syncAll(active, { signal: new AbortController().signal, http, log: silent });
    await cycle();
    const { id = '', body = {} } = recordsOf(avni.organisation, 'Beneficiary')[0] ?? {};
    expect((await call(id, '9000000001')).stdout).toMatch(/Avni has it/);
    const now = avni.organisation.get(id)?.body['observations'];
    expect(now).toEqual({ ...(body['observations'] as object), 'Phone number': '9000000001' });
    await cycle();
    expect(fhir.repository.all('Patient').filter(({ telecom }) => JSON.stringify(telecom ?? '').includes('9000000001'))).toHaveLength(1);
    await expect(call('nobody', '9000000001')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Avni did not take it \([45]\d\d\)/),
    });
  } finally {
    http.close();
    await avni.close();
    await fhir.close();
    await rm(folder, { recursive: true });
  }
});
