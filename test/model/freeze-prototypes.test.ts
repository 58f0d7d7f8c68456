import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { compileMapping } from '../../src/mapping/compile-mapping.js';
import { shapeResource } from '../../src/connectors/fhir/shape.js';
import type { EntityTypeDefinition } from '../../src/definition/definition.js';
import { readJson } from '../../src/json/json.js';
import { freezePrototypes } from '../../src/model/freeze-prototypes.js';
import { HOSTILE_NAMES } from '../support/hostile-names.js';

const entityType: EntityTypeDefinition = {
  name: 'Visit',
  formerly: [],
  cadence: { every: 1000 },
  dependsOn: {},
  parents: {},
  from: { system: 'avni', settings: {} },
  to: { system: 'emr', settings: {}, adopt: false, keys: {} },
  map: { main: '{ "resourceType": "Patient", "birthDate": $date(`At`, "Asia/Kolkata"), "active": $count(observations.*) > 0 }' },
  whenNoLonger: 'remove',
  whenVoided: 'remove',
  whenParentMissing: 'bring',
  concepts: { in: ['observations'], unmapped: 'report', ignore: [] },
};

// The whole worker runs so in the end-to-end tests; here is what it is for.
describe('frozen prototypes', () => {
  const mapping = compileMapping({ entityType, codes: {} });
  beforeAll(freezePrototypes);

  it('take nothing from a name, and mappings and the check of resources stand it', async () => {
    const findings = {} as Record<string, { count?: number }>;
    const pollute = (): void => {
      const found = findings['__proto__'];
      if (found) found.count = 1;
    };
    expect(pollute).toThrow(TypeError);
    expect(() => Object.assign(Object.prototype, { toString: () => 'x' })).toThrow(TypeError);
    expect(() => Object.assign(Array.prototype, { count: 1 })).toThrow(TypeError);
    expect(({} as { count?: number }).count).toBeUndefined();
    for (const prototype of [Object.prototype, Error.prototype])
      expect(() => ((prototype as { toString: unknown }).toString = () => 'x')).toThrow(TypeError);
    expect(String({})).toBe('[object Object]');
    const body = { At: '2026-01-01T20:00:00Z', observations: { constructor: 'x' } };
    const { resources } = await mapping.map(body, { parent: () => undefined, ref: () => undefined });
    expect(shapeResource(resources['main'], ['Patient'])).toEqual({
      type: 'Patient',
      body: { resourceType: 'Patient', birthDate: '2026-01-02', active: true },
    });
  });

  it.each(HOSTILE_NAMES)('let %s be a member wherever a library assigns it', async (name) => {
    const text = `{"${name}":{"x":1},"n":1.10}`;
    const value = readJson(text) as object;
    for (const each of [value, z.looseObject({}).parse(JSON.parse(text))] as object[]) {
      expect(Object.getPrototypeOf(each)).toBe(Object.prototype);
      if (name !== '__proto__' || each === value) expect(Object.keys(each)).toContain(name);
    }
    const map = { main: `{ "resourceType": "Patient", "${name}": 1 }` };
    const { resources } = await compileMapping({ entityType: { ...entityType, map }, codes: {} }).map(
      {},
      { parent: () => undefined, ref: () => undefined },
    );
    expect(Object.getPrototypeOf(resources['main'])).toBe(Object.prototype);
    if (name !== '__proto__') expect(Object.keys(resources['main'] as object)).toContain(name);
    const error = new Error('x');
    Object.assign(error, { name: 'Named', message: 'y' });
    expect(String(error)).toBe('Named: y');
  });
});
