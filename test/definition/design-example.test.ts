import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { loadFiles } from './support.js';

const environment = {
  AVNI_URL: 'https://avni.example.org',
  AVNI_USERNAME: 'integrator',
  AVNI_PASSWORD: 'secret',
  EMR_URL: 'https://emr.example.org/fhir',
  EMR_TOKEN: 'secret',
};
const csv = 'village,uid\nHosahalli,V1\n';

describe('the example of the design', () => {
  it('is refused for what is not built yet, by name, and for nothing else', async () => {
    const text = await readFile('test/definition/design-example.yaml', 'utf8');
    const { problems } = await loadFiles({ 'clinic.yaml': text, 'codes/villages.csv': csv }, environment);
    expect(problems.map(({ code, path, message }) => ({ code, path, message }))).toEqual([
      {
        code: 'NotBuilt',
        path: 'processes.maternal-health.entityTypes.Growth.from.with',
        message: '"with" is known, but not built in this release.',
      },
    ]);
  });

  it('is valid without that', async () => {
    const whole = await readFile('test/definition/design-example.yaml', 'utf8');
    const text = whole.replace(/, with: \{.*?\}/, '');
    const { problems, definitions } = await loadFiles({ 'clinic.yaml': text, 'codes/villages.csv': csv }, environment);
    expect(problems).toEqual([]);
    expect(definitions[0]?.codes['villages']).toEqual({ name: 'villages', entries: { Hosahalli: 'V1' } });
    expect(definitions[0]?.errorTypes).toEqual([
      {
        name: 'AddressNotFound',
        matches: "Address '(?<address>.*)' not found",
        keep: ['address'],
        then: 'retry',
        remedy: 'Add the village in Avni, then retry.',
      },
    ]);
    expect(definitions[0]?.processes['maternal-health']?.errors.cadence).toEqual({ every: 1_800_000 });
    expect(definitions[0]?.processes['maternal-health']?.entityTypes[0]?.to.keys).toEqual({
      main: { system: 'urn:avni:subject', value: 'ID' },
    });
  });
});
