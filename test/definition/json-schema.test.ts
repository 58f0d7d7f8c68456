import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { definitionJsonSchema } from '../../src/definition/json-schema.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const accepts = new Ajv({ strict: false, validateFormats: false }).compile(definitionJsonSchema());

describe('the JSON Schema for editors', () => {
  it('is the one that is committed (node scripts/write-json-schema.mjs writes it)', () => {
    expect(JSON.parse(read('../../integrations/definition.schema.json'))).toEqual(JSON.parse(JSON.stringify(definitionJsonSchema())));
  });

  it('accepts the ready definition and the whole language, and refuses a wrong word', () => {
    expect(accepts(parse(read('../../integrations/clinic.yaml')))).toBe(true);
    expect(accepts(parse(read('./design-example.yaml')))).toBe(true);
    expect(accepts(parse(read('../../integrations/clinic.yaml').replace('dependsOn', 'dependOn')))).toBe(false);
  });
});
