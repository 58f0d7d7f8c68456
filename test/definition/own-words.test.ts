import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { connectorTypes } from '../../src/connectors/all.js';
import { readDefinition } from '../../src/definition/read-definition.js';
import { env } from './support.js';

const clinic = readFileSync('integrations/clinic.yaml', 'utf8');

async function refused(right: string, wrong: string, environment: Record<string, string> = env): Promise<string[]> {
  const text = clinic.replace(right, () => wrong);
  expect(text).not.toBe(clinic);
  const { problems } = await readDefinition('integrations/clinic.yaml', text, connectorTypes, environment);
  return problems.map(({ path, message }) => `${path.split('.').slice(-2).join('.')}: ${message}`);
}

describe('what is wrong with a connector’s settings', () => {
  it.each([
    ['connector: fhir', 'connector: fhir\n    bundle: 0', 'emr.bundle: "bundle" must be 1 to 1000.'],
    ['connector: fhir', 'connector: fhir\n    concurrency: 65', 'emr.concurrency: "concurrency" must be 1 to 64.'],
    ['subject: Beneficiary', 'subject: ""', 'from.subject: "subject" must not be empty.'],
    ['resource: Patient', 'resources: []', 'to.resources: "resources" must have at least one type.'],
    [
      'resource: Patient',
      'resource: Pateint',
      'to.resource: "resource" names "Pateint", which is no resource type of FHIR R4. Did you mean "Patient"?',
    ],
  ])('is said with the key and what is allowed: %s → %s', async (right, wrong, said) => {
    expect(await refused(right, wrong)).toEqual([said]);
  });

  it('is not garbled by a variable whose value is short', async () => {
    const said = await refused('connector: fhir', 'connector: fhir\n    bundle: 0', { ...env, FHIR_TOKEN: 'e' });
    expect(said).toEqual(['emr.bundle: "bundle" must be 1 to 1000.']);
  });
});

it('says of an alias that nothing stands for where it is, and how a text that begins so is written', async () => {
  const text = clinic.replace('[Remarks]', () => '[*Remarks]');
  const { problems } = await readDefinition('integrations/clinic.yaml', text, connectorTypes, env);
  const line = text.split('\n').findIndex((each) => each.includes('[*Remarks]')) + 1;
  expect(problems).toMatchObject([{ code: 'InvalidYaml', line, message: expect.stringContaining('"*Remarks" stands for nothing') }]);
});
