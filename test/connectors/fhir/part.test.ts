import { describe, expect, it } from '@jest/globals';
import { connectorTypes } from '../../../src/connectors/all.js';
import { fhir } from '../../../src/connectors/fhir/index.js';
import { readDefinition } from '../../../src/definition/read-definition.js';
import { env } from '../../definition/support.js';

const vital = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] };
const weight = { resourceType: 'Observation', status: 'final', code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] } };

function shaped(to: object, mapped: object): unknown {
  const connector = fhir.connect('emr', fhir.systemSettings.parse({ url: 'http://localhost:1/fhir' }), { margin: 0 });
  const options = { integration: 'i', process: 'p', entityTypes: {} };
  return connector.destination?.(to, options).shape('main', mapped);
}

describe('the part of a type that is written', () => {
  const part = { resource: 'Observation', category: 'vital-signs' };

  it.each<[what: string, to: object, body: object]>([
    ['its category', part, { ...weight, category: [vital] }],
    ['its category among others', part, { ...weight, category: [{ text: 'other' }, vital] }],
    ['its category with the system', { ...part, category: `${vital.coding[0]?.system}|vital-signs` }, { ...weight, category: vital }],
    ['its code', { resource: 'Observation', code: 'http://loinc.org|29463-7' }, weight],
    ['its tag', { resource: 'Observation', tag: 'field' }, { ...weight, meta: { tag: [{ system: 'urn:x', code: 'field' }] } }],
  ])('takes what has %s', (_what, to, body) => {
    expect(shaped(to, body)).toMatchObject({ type: 'Observation' });
  });

  it.each<[what: string, to: object, body: object, path: string]>([
    ['no category', part, weight, 'Observation.category'],
    ['another category', part, { ...weight, category: [{ coding: [{ code: 'laboratory' }] }] }, 'Observation.category'],
    ['the code of another system', { ...part, category: 'urn:x|vital-signs' }, { ...weight, category: [vital] }, 'Observation.category'],
    ['another code', { resource: 'Observation', code: 'urn:x|29463-7' }, weight, 'Observation.code'],
    ['no tag', { resource: 'Observation', tag: 'field' }, weight, 'Observation.meta.tag'],
  ])('is an error of a record that has %s', (_what, to, body, path) => {
    expect(shaped(to, body)).toMatchObject({ error: { code: 'OutsideItsPart', path } });
  });
});

describe('a definition that writes a part', () => {
  const text = (to: string, from: string): string => `integration: x
systems:
  avni: { connector: avni, url: "https://a.example.org", auth: { userName: me } }
  emr: { connector: fhir, url: "https://e.example.org" }
processes:
  one:
    entityTypes:
      Vitals: { from: { system: avni, encounter: Vitals }, to: { system: emr, ${to} }, map: '$merge(made)' }
      Results: { from: { system: emr, ${from} }, to: { system: avni, encounter: Result }, map: '{}' }
`;
  const check = async (to: string, from: string): Promise<string[]> =>
    (await readDefinition('x.yaml', text(to, from), connectorTypes, env)).problems.map(({ code, path }) => `${code} ${path}`);

  it('may read another one', async () => {
    expect(await check('resource: Observation, category: vital-signs', 'resource: Observation, category: laboratory')).toEqual([]);
  });

  it.each([
    ['the same one', 'resource: Observation, category: vital-signs', 'resource: Observation, category: vital-signs'],
    ['the same one by its system', 'resource: Observation, category: vital-signs', 'resource: Observation, category: "urn:x|vital-signs"'],
    ['one that is told by something else', 'resource: Observation, category: vital-signs', 'resource: Observation, code: weight'],
    ['the whole type', 'resource: Observation, category: vital-signs', 'resource: Observation'],
    ['a part of the whole type', 'resource: Observation', 'resource: Observation, category: vital-signs'],
  ])('must not read %s', async (_what, to, from) => {
    expect(await check(to, from)).toEqual(['TwoOwners processes.one.entityTypes.Results.from']);
  });

  it('is refused where the type has no such element', async () => {
    expect(await check('resource: Patient, category: x', 'resource: Observation')).toEqual([
      'WrongDestination processes.one.entityTypes.Vitals.to.category',
    ]);
  });
});
