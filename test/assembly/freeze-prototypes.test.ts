import { describe, expect, it } from '@jest/globals';
import { compileMapping } from '../../src/mapping/compile-mapping.js';
import { shapeResource } from '../../src/connectors/fhir/shape.js';
import type { EntityTypeDefinition } from '../../src/definition/definition.js';
import { freezePrototypes } from '../../src/temporal/freeze-prototypes.js';

const entityType: EntityTypeDefinition = {
  name: 'Visit',
  formerly: [],
  cadence: { every: 1000 },
  dependsOn: {},
  from: { system: 'avni', settings: {} },
  to: { system: 'emr', settings: {}, adopt: false, keys: {} },
  map: { main: '{ "resourceType": "Patient", "birthDate": $date(`At`, "Asia/Kolkata"), "active": $count(observations.*) > 0 }' },
  whenNoLonger: 'remove',
  whenVoided: 'remove',
  whenParentMissing: 'bring',
  concepts: { unmapped: 'report', ignore: [] },
};

// The whole worker runs so in the end-to-end tests; here is what it is for.
describe('frozen prototypes', () => {
  it('take nothing from a name, and mappings and the check of resources stand it', async () => {
    const mapping = compileMapping({ entityType, codes: {} });
    freezePrototypes();
    const findings = {} as Record<string, { count?: number }>;
    const pollute = (): void => {
      const found = findings['__proto__'];
      if (found) found.count = 1;
    };
    expect(pollute).toThrow(TypeError);
    expect(() => Object.assign(Object.prototype, { toString: () => 'x' })).toThrow(TypeError);
    expect(() => Object.assign(Array.prototype, { count: 1 })).toThrow(TypeError);
    expect(({} as { count?: number }).count).toBeUndefined();
    const body = { At: '2026-01-01T20:00:00Z', observations: { constructor: 'x' } };
    const { resources } = await mapping.map(body, { parent: () => undefined, ref: () => undefined });
    expect(shapeResource(resources['main'], ['Patient'])).toEqual({
      type: 'Patient',
      body: { resourceType: 'Patient', birthDate: '2026-01-02', active: true },
    });
  });
});
