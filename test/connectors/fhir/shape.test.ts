import { describe, expect, it } from '@jest/globals';
import { placeholderFor } from '../../../src/connectors/fhir/placeholders.js';
import { shapeResource } from '../../../src/connectors/fhir/shape.js';
import { ExactNumber } from '../../../src/json/exact-number.js';
import { writeJson } from '../../../src/json/json.js';

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

it('is refused for what is wrong with it, though the validator warns of references first', () => {
  const encounter = placeholderFor('visit');
  const shaped = shapeResource({ ...observation, subject: encounter, encounter, valueQuantity: { value: 'heavy' } }, ['Observation']);
  expect(shaped).toMatchObject({ error: { path: 'Observation.value[x].value', message: expect.stringContaining('expected number') } });
});

describe('an element that is given twice', () => {
  it.each([
    [{ ...observation, valueString: 'x', valueInteger: 3 }, 'Observation'],
    [{ ...patient, deceasedBoolean: true, deceasedDateTime: '2026-01-01' }, 'Patient'],
    [{ ...observation, component: [{ code: { text: 'c' }, valueString: 'x', valueBoolean: true }] }, 'Observation.component'],
    [{ ...patient, extension: [{ url: 'http://x', valueString: 'x', valueCode: 'x' }] }, 'Patient.extension'],
  ])('under names of two types is refused: %j', (resource, path) => {
    expect(shapeResource(resource, [resource.resourceType])).toMatchObject({ error: { code: 'InvalidResource', path } });
  });

  it('is taken where only one of them has a value', () => {
    const shaped = shapeResource({ ...observation, valueString: 'x', valueQuantity: {}, valueCodeableConcept: null }, ['Observation']);
    expect(shaped).toEqual({ type: 'Observation', body: { ...observation, valueString: 'x' } });
  });
});

describe('a date or a time', () => {
  it.each([
    [{ ...patient, birthDate: '2026-02-30' }, 'Patient.birthDate', 'there is no such day'],
    [{ ...patient, birthDate: '2025-02-29' }, 'Patient.birthDate', 'there is no such day'],
    [{ ...observation, effectiveDateTime: '2026-04-31T10:00:00Z' }, 'Observation.effectiveDateTime', 'there is no such day'],
    [{ ...observation, effectiveDateTime: '2026-01-01T10:00:00' }, 'Observation.effectiveDateTime', 'a time needs a zone'],
    [{ ...observation, effectivePeriod: { start: '2026-01-01T10:00:00.000' } }, 'Observation.effectivePeriod.start', 'a time needs a zone'],
  ])('that R4 does not have is refused: %j', (resource, path, why) => {
    const shaped = shapeResource(resource, [resource.resourceType]);
    expect(shaped).toMatchObject({ error: { code: 'InvalidResource', path, message: expect.stringContaining(why) } });
  });

  it.each([
    { ...patient, birthDate: '2024-02-29' },
    { ...patient, birthDate: '2024-02' },
    { ...observation, effectiveDateTime: '2026-01-01' },
    { ...observation, effectiveDateTime: '2026-01-01T10:00:00.000+05:30', issued: '2026-01-31T10:00:00Z' },
  ])('that R4 has is taken: %j', (resource) => {
    expect(shapeResource(resource, [resource.resourceType])).toEqual({ type: resource.resourceType, body: resource });
  });
});

describe('what stands in the place of an object', () => {
  it.each([
    [{ ...observation, code: 3 }, 'Observation.code'],
    [{ ...observation, subject: true }, 'Observation.subject'],
    [{ ...observation, subject: 'Patient/1' }, 'Observation.subject'],
    [{ ...observation, valueQuantity: 3 }, 'Observation.valueQuantity'],
    [{ ...observation, referenceRange: [{ low: 1 }] }, 'Observation.referenceRange.low'],
    [{ ...patient, name: ['x'] }, 'Patient.name'],
  ])('is refused by its path: %j', (resource, path) => {
    expect(shapeResource(resource, [resource.resourceType])).toMatchObject({ error: { code: 'InvalidResource', path } });
  });
});

describe('what is coded', () => {
  const subject = { reference: 'Patient/x' };
  const system = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
  const condition = (verificationStatus: object) => ({ resourceType: 'Condition', subject, verificationStatus });
  const set = 'http://hl7.org/fhir/ValueSet/condition-ver-status|4.0.1';
  const loinc = { resourceType: 'MolecularSequence', coordinateSystem: 0, structureVariant: [{ variantType: { text: 'deletion' } }] };

  it.each([
    condition({ coding: [{ system, code: 'refuted' }] }),
    // A child of another code, beside codes of other systems.
    condition({ coding: [{ code: 'x' }, { system: 'urn:x', code: 'x' }, { system, code: 'differential' }], text: 'x' }),
    // No value set, one that is an example only, and one that the definitions of R4 do not list.
    { ...observation, valueCodeableConcept: { text: 'x' } },
    { resourceType: 'Condition', subject, code: { coding: [{ system: 'urn:x', code: 'x' }] } },
    loinc,
  ])('is taken where a code of the required value set is among it, or none is required: %j', (resource) => {
    expect(shapeResource(resource, [resource.resourceType])).toEqual({ type: resource.resourceType, body: resource });
  });

  it.each([
    { text: 'confirmed' },
    { coding: [{ code: 'confirmed' }] },
    { coding: [{ system: 'urn:x', code: 'confirmed' }] },
    { coding: [{ system, code: 'Confirmed' }] },
    { coding: [{ system, display: 'confirmed' }], text: 'x' },
    // Of another value set of R4.
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] },
  ])('is refused outside of the required value set, by its path and without its values: %j', (status) => {
    expect(shapeResource(condition(status), ['Condition'])).toMatchObject({
      error: {
        code: 'InvalidResource',
        path: 'Condition.verificationStatus',
        message: `The mapped resource is not valid FHIR R4 at Condition.verificationStatus: it has no coding in the required value set ${set}.`,
      },
    });
  });

  it('is dropped with what is empty of it, which is then not asked for', () => {
    expect(shapeResource(condition({ coding: [], text: '' }), ['Condition'])).toEqual({
      type: 'Condition',
      body: { resourceType: 'Condition', subject },
    });
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

describe('a number that JavaScript does not hold', () => {
  const weighing = (value: unknown): object => ({ ...observation, valueQuantity: { value } });

  it.each(['12345678901234567890', '4111111111111111', '-0.1234567890123456789', '1e400'])(
    'goes with its digits into a decimal: %s',
    (text) => {
      for (const value of [text, new ExactNumber(text)])
        expect(writeJson(shapeResource(weighing(value), ['Observation']))).toContain(`"value":${text}}`);
    },
  );

  it('stays a text where R4 has a text', () => {
    const identifier = [{ system: 'urn:card', value: '12345678901234567890' }];
    expect(shapeResource({ ...patient, identifier }, ['Patient'])).toEqual({ type: 'Patient', body: { ...patient, identifier } });
  });

  it.each([
    [{ ...observation, valueInteger: '12345678901234567890' }, 'Observation.valueInteger'],
    [{ ...observation, valueInteger: 4_111_111_111_111_111 }, 'Observation.valueInteger'],
    [{ ...patient, telecom: [{ system: 'phone', value: '1', rank: '12345678901234567890' }] }, 'Patient.telecom.rank'],
    [weighing('5'), 'Observation.value[x].value'],
    [weighing('12345678901234567890 kg'), 'Observation.value[x].value'],
    [{ ...patient, birthDate: new ExactNumber('12345678901234567890') }, 'Patient.birthDate'],
  ])('is refused where R4 has no such number, by its path alone: %j', (resource, path) => {
    const shaped = shapeResource(resource, ['Observation', 'Patient']);
    expect(shaped).toMatchObject({ error: { code: 'InvalidResource', path } });
    expect(JSON.stringify(shaped)).not.toMatch(/\d{10}/);
  });

  it('leaves the rest of its resource to be judged as ever', () => {
    const resource = { ...weighing('12345678901234567890'), status: 'odd' };
    expect(shapeResource(resource, ['Observation'])).toMatchObject({ error: { path: 'Observation.status' } });
  });
});
