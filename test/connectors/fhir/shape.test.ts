import { describe, expect, it } from '@jest/globals';
import { shapeResource } from '../../../src/connectors/fhir/shape.js';

const observation = { resourceType: 'Observation', status: 'final', code: { text: 'w' } };
const patient = { resourceType: 'Patient', active: true };

describe('an element of several types', () => {
  it.each([
    { ...observation, valueString: 'x', valueRavi: 3 },
    { ...observation, valueRavi: 3 },
    { ...observation, valueString: 'x', value: 3 },
    { ...observation, valueString: 'x', valuestring: 'y' },
    { ...observation, valueString: 'x', _valueRavi: { id: 'a' } },
    { ...observation, component: [{ code: { text: 'c' }, valueString: 'x', valueRavi: 3 }] },
    { ...patient, extension: [{ url: 'http://x', valueString: 'x', valueRavi: 3 }] },
    { ...patient, deceasedBoolean: true, deceasedRavi: 'x' },
  ])('is refused under a name that ends in none of them: %j', (resource) => {
    const shaped = shapeResource(resource, [resource.resourceType]);
    expect(shaped).toMatchObject({ error: { code: 'InvalidResource' } });
    expect(JSON.stringify(shaped)).not.toContain('Ravi');
  });

  it.each([
    { ...observation, valueString: 'x' },
    { ...observation, valueQuantity: { value: 3 }, effectiveDateTime: '2026-01-01' },
    { ...observation, valueString: 'x', _valueString: { id: 'a' } },
    { ...patient, extension: [{ url: 'http://x', valueCodeableConcept: { text: 'x' } }], multipleBirthInteger: 2 },
  ])('is taken under the name of one: %j', (resource) => {
    expect(shapeResource(resource, [resource.resourceType])).toEqual({ type: resource.resourceType, body: resource });
  });
});

describe('a text of some megabytes', () => {
  it('is refused at once, wherever it stands', () => {
    const long = 'x'.repeat(4 * 1024 * 1024);
    const before = process.cpuUsage();
    for (const name of [{ family: long }, { given: [long] }, { given: ['a', long] }])
      expect(shapeResource({ ...patient, name: [name] }, ['Patient'])).toMatchObject({
        error: { code: 'InvalidResource', message: expect.stringContaining('longer than 1 MB') },
      });
    // The validator would take some seconds for each.
    expect(process.cpuUsage(before).user / 1_000_000).toBeLessThan(2);
  });
});
