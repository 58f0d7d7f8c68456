import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse, stringify } from 'yaml';
import { connectorTypes } from '../../src/connectors/all.js';
import { definitionJsonSchema } from '../../src/definition/json-schema.js';
import { readDefinition } from '../../src/definition/read-definition.js';
import { mutationsOf } from './mutate.js';
import { env } from './support.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const accepts = new Ajv({ strict: false, validateFormats: false }).compile(definitionJsonSchema(connectorTypes));
const clinic = read('../../integrations/clinic.yaml');

describe('the JSON Schema for editors', () => {
  it('is the one that is committed (node scripts/write-json-schema.mjs writes it)', () => {
    const written = JSON.parse(JSON.stringify(definitionJsonSchema(connectorTypes))) as unknown;
    expect(JSON.parse(read('../../integrations/definition.schema.json'))).toEqual(written);
  });

  it('accepts the ready definition and the whole language', () => {
    expect(accepts(parse(clinic))).toBe(true);
    expect(accepts(parse(read('../../integrations/hospital/hospital.yaml')))).toBe(true);
    expect(accepts(parse(read('./design-example.yaml')))).toBe(true);
  });

  it.each([
    ['a key of the language', 'dependsOn', 'dependOn'],
    ['a connector', 'connector: avni', 'connector: anvi'],
    ['a setting of a system', 'url: "${FHIR_URL}"', 'address: "${FHIR_URL}"'],
    ['a setting of another connector', 'auth: { token: "${FHIR_TOKEN}" }', 'auth: { userName: x }'],
    ['a missing secret', 'password: "${AVNI_PASSWORD}"', 'passwrd: "${AVNI_PASSWORD}"'],
    ['what is read', 'programEncounter: Growth monitoring', 'programEncounters: Growth monitoring'],
    ['what is written', 'resource: Patient', 'resuorce: Patient'],
    ['the form of a setting', 'resources: [Encounter, Observation]', 'resources: Encounter'],
  ])('refuses what is wrong with %s', (_what, right, wrong) => {
    const text = clinic.replace(right, () => wrong);
    expect(text).not.toBe(clinic);
    expect(accepts(parse(text))).toBe(false);
  });

  it('refuses nothing that is a valid definition', async () => {
    const refused: unknown[] = [];
    for (const offered of Object.values(mutationsOf(parse(clinic))))
      for (const make of offered.slice(0, 40)) {
        const { kind, path, value } = make(() => 0.5);
        const { definition } = await readDefinition('integrations/clinic.yaml', stringify(value), connectorTypes, env);
        if (definition && !accepts(parse(stringify(value)))) refused.push({ kind, path });
      }
    expect(refused).toEqual([]);
  });
});
