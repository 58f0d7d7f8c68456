import { describe, expect, it } from '@jest/globals';
import { placeholderFor } from '../../../src/connectors/fhir/placeholders.js';
import { shapeResource } from '../../../src/connectors/fhir/shape.js';
import { ExactNumber } from '../../../src/json/exact-number.js';

const url = 'urn:x';
const ucum = 'http://unitsofmeasure.org';
const types = ['Claim', 'Condition', 'Encounter', 'Observation', 'Patient', 'ServiceRequest'];
const patient = (more: object): object => ({ resourceType: 'Patient', active: true, ...more });
const encounter = (more: object): object => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { code: 'AMB', system: url },
  ...more,
});
const observation = (more: object): object => ({ resourceType: 'Observation', status: 'final', code: { text: 'c' }, ...more });
const timing = (repeat: object): object => observation({ effectiveTiming: { repeat } });
const period = (start: string, end: string): object => encounter({ period: { start, end } });
const range = (low: object, high: object): object => observation({ valueRange: { low, high } });
const onset = (onsetAge: object): object => ({ resourceType: 'Condition', subject: { reference: 'Patient/x' }, onsetAge });
const lasting = (length: object): object => encounter({ length });
const story = (div: string): object =>
  patient({ text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${div}</div>` } });

describe('a rule of R4 for a data type', () => {
  it.each<[string, object, object]>([
    ['per-1', period('2026-02-01', '2026-01-01'), period('2026-01-01', '2026-01-01')],
    ['per-1', period('2026-01-01T10:00:00Z', '2026-01-01T10:00:00+05:30'), period('2026-01-01T10:00:00+05:30', '2026-01-01T10:00:00Z')],
    ['per-1', period('2027-01', '2026'), period('2026-01', '2026')],
    ['per-1', period('2026-01-02', '2026-01-01T10:00:00Z'), period('2026-01-02', '2026-01-02T10:00:00Z')],
    ['rng-2', range({ value: 2 }, { value: 1 }), range({ value: 1 }, { value: 1 })],
    ['rng-2', range({ value: 2, unit: 'g' }, { value: 1, unit: 'g' }), range({ value: 2, unit: 'g' }, { value: 1, unit: 'kg' })],
    ['rng-2', range({ value: new ExactNumber('3.10') }, { value: 3 }), range({ value: 3 }, { value: new ExactNumber('3.10') })],
    [
      'rat-1',
      observation({ valueRatio: { numerator: { value: 2 } } }),
      observation({ valueRatio: { numerator: { value: 2 }, denominator: { value: 3 } } }),
    ],
    [
      'qty-3',
      observation({ valueQuantity: { value: 1, code: 'kg' } }),
      observation({ valueQuantity: { value: 1, code: 'kg', system: url } }),
    ],
    [
      'sqty-1',
      observation({ referenceRange: [{ low: { value: 1, comparator: '<' } }] }),
      observation({ valueQuantity: { value: 1, comparator: '<' } }),
    ],
    [
      'sqty-1',
      observation({ valueSampledData: { origin: { value: 1, comparator: '<' }, period: 1, dimensions: 1 } }),
      observation({ valueSampledData: { origin: { value: 1 }, period: 1, dimensions: 1 } }),
    ],
    ['age-1', onset({ value: 1 }), onset({ value: 1, code: 'a', system: ucum })],
    ['age-1', onset({ value: 0, code: 'a', system: ucum }), onset({ extension: [{ url, valueCode: 'a' }] })],
    ['drt-1', lasting({ value: 1, code: 'h', system: url }), lasting({ value: 1, code: 'h', system: ucum })],
    ['att-1', patient({ photo: [{ data: 'AAAA' }] }), patient({ photo: [{ data: 'AAAA', contentType: 'image/png' }] })],
    ['cpt-2', patient({ telecom: [{ value: '1' }] }), patient({ telecom: [{ value: '1', system: 'phone' }] })],
    ['ext-1', patient({ extension: [{ url }] }), patient({ extension: [{ url, valueBoolean: false }] })],
    [
      'ext-1',
      patient({ extension: [{ url, valueCode: 'a', extension: [{ url, valueCode: 'a' }] }] }),
      patient({ extension: [{ url, extension: [{ url, valueCode: 'a' }] }] }),
    ],
    [
      'per-1',
      patient({ extension: [{ url, valuePeriod: { start: '2026', end: '2025' } }] }),
      patient({ extension: [{ url, valuePeriod: { start: '2025', end: '2026' } }] }),
    ],
    ['txt-1', story('<script>x</script>'), story('<p>x &lt; y</p>')],
    ['txt-1', story('<p onclick="x()">x</p>'), story('<p class="onclick">one</p>')],
    ['txt-2', story(' <p> </p> '), story('<img src="#a" alt="a"/>')],
    ['tim-1', timing({ duration: 1 }), timing({ duration: 1, durationUnit: 'h' })],
    ['tim-2', timing({ period: 1 }), timing({ period: 1, periodUnit: 'h' })],
    ['tim-9', timing({ offset: 1 }), timing({ offset: 1, when: ['MORN'] })],
    ['tim-10', timing({ timeOfDay: ['10:00:00'], when: ['MORN'] }), timing({ timeOfDay: ['10:00:00'] })],
  ])('is asked for before anything is sent: %s of %j', (rule, broken, kept) => {
    expect(shapeResource(kept, types)).toMatchObject({ body: kept });
    expect(shapeResource(broken, types)).toMatchObject({
      error: { code: 'InvalidResource', message: expect.stringContaining(rule) as unknown },
    });
  });

  it('is named with the path, and never the value', () => {
    const shaped = shapeResource(period('2026-02-01', '2026-01-01'), types);
    expect(shaped).toMatchObject({
      error: {
        path: 'Encounter.period',
        message: 'The mapped resource is not valid FHIR R4 at Encounter.period: it breaks the rule per-1 of Period.',
      },
    });
    expect(JSON.stringify(shaped)).not.toContain('2026');
  });
});

describe('a reference', () => {
  const to = (reference: string, more: object = {}): object => observation({ subject: { reference, ...more } });

  it.each([
    to('Practitioner/a'),
    to('Practitioner/a/_history/1'),
    to('Practitioner?identifier=a'),
    to('https://fhir.example.org/r4/Practitioner/a'),
    to('Patients/a'),
    to('Patient/a', { type: 'Practitioner' }),
    observation({ subject: { type: 'Practitioner', identifier: { value: 'a' } } }),
    observation({ component: [{ code: { text: 'c' } }], performer: [{ reference: 'Location/a' }] }),
  ])('to a type that its element does not take is refused: %j', (resource) => {
    const shaped = shapeResource(resource, types);
    expect(shaped).toMatchObject({ error: { code: 'InvalidResource', message: expect.stringContaining('another type than') as unknown } });
  });

  it.each([
    to('Patient/a'),
    to('Group/a/_history/1'),
    to('Patient?identifier=a'),
    to('https://fhir.example.org/r4/Patient/a'),
    to('https://example.org/people/a'),
    to('urn:uuid:0191cc1e-0d1c-7000-8000-000000000001'),
    to('Patient/a', { type: 'Patient' }),
    observation({ subject: placeholderFor('person') }),
    // Of any type.
    observation({ focus: [{ reference: 'Basic/a' }] }),
    { ...to('#a'), contained: [{ resourceType: 'Patient', id: 'a', active: true }] },
  ])('that it takes, or whose type does not show, is taken: %j', (resource) => {
    expect(shapeResource(resource, types)).toMatchObject({ body: resource });
  });

  it('to a contained resource that is not there is refused (ref-1)', () => {
    const contained = [{ resourceType: 'Patient', id: 'b', active: true }];
    for (const resource of [to('#a'), { ...to('#a'), contained }])
      expect(shapeResource(resource, types)).toMatchObject({
        error: { code: 'InvalidResource', path: 'Observation.subject', message: expect.stringContaining('ref-1') as unknown },
      });
  });
});
