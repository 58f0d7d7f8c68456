import { validateResource } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';
import { describe, expect, it } from '@jest/globals';
import { shapeResource } from '../../../../src/connectors/fhir/shape.js';
import { schemaOf } from '../../../../src/connectors/fhir/r4/structures.js';
import { isSurelyValid } from '../../../../src/connectors/fhir/r4/surely-valid.js';
import { codesOfSystem } from '../../../support/code-systems.js';

type Json = Record<string, unknown>;

const patient: Json = {
  resourceType: 'Patient',
  id: 'p1',
  meta: { tag: [{ system: 'urn:sangam:origin', code: 'a/b/C/1' }] },
  identifier: [{ system: 'urn:avni:subject', value: '1', period: { start: '2024-01-01' } }],
  active: true,
  name: [{ given: ['A', 'B'], family: 'C' }],
  telecom: [{ system: 'phone', value: '98', rank: 1 }],
  gender: 'female',
  birthDate: '1990-02-03',
  deceasedBoolean: false,
  address: [{ city: 'X', line: ['1', '2'] }],
  contact: [{ name: { text: 'Head' }, relationship: [{ text: 'Head of household' }] }],
  managingOrganization: { reference: 'Organization/1' },
};
const encounter: Json = {
  resourceType: 'Encounter',
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'FLD' },
  type: [{ text: 'Visit' }],
  subject: { reference: 'Patient/1' },
  period: { start: '2024-01-01T10:00:00+05:30', end: '2024-01-01T11:00:00+05:30' },
  length: { value: 5, unit: 'min', system: 'http://unitsofmeasure.org', code: 'min' },
};
const observation: Json = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
  subject: { reference: 'Patient/1' },
  effectiveDateTime: '2024-01-01T10:00:00.000+05:30',
  valueQuantity: { value: 12.5, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
  referenceRange: [{ low: { value: 1 } }],
};
const pressure: Json = {
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'Blood pressure' },
  component: [{ code: { text: 'Systolic' }, valueQuantity: { value: 120 } }],
};
const items = 'http://terminology.hl7.org/CodeSystem/supply-item-type';
const delivery: Json = {
  resourceType: 'SupplyDelivery',
  status: 'completed',
  patient: { reference: 'Patient/1' },
  type: {
    coding: [
      { system: 'urn:own', code: 'box' },
      { system: items, code: 'medication' },
    ],
    text: 'Iron tablets',
  },
};
const samples = { patient, encounter, observation, pressure, delivery };

/** What in the samples is bound to a value set by R4, and the code system that it takes whole. */
const BOUND: Record<string, string> = {
  'Patient.gender': 'http://hl7.org/fhir/administrative-gender',
  'Patient.telecom.system': 'http://hl7.org/fhir/contact-point-system',
  'Encounter.status': 'http://hl7.org/fhir/encounter-status',
  'Observation.status': 'http://hl7.org/fhir/observation-status',
  'SupplyDelivery.status': 'http://hl7.org/fhir/supplydelivery-status',
  'SupplyDelivery.type': items,
};
function* valuesAt(value: unknown, path: string[]): Generator<unknown> {
  const [name, ...rest] = path;
  if (Array.isArray(value)) for (const each of value) yield* valuesAt(each, path);
  else if (name === undefined) yield value;
  else if (typeof value === 'object' && value !== null && Object.hasOwn(value, name)) yield* valuesAt((value as Json)[name], rest);
}

/**
 * Whether all that is bound is of its value set: a code by itself, of a concept one of its codings.
 */
function isCodedRight(resource: Json): boolean {
  return Object.entries(BOUND).every(([path, system]) => {
    const [type, ...names] = path.split('.');
    if (type !== resource['resourceType']) return true;
    return [...valuesAt(resource, names)].every((value) => {
      if (value === undefined) return true;
      if (typeof value === 'string') return codesOfSystem(system).includes(value);
      const codings = [...valuesAt(value, ['coding'])] as (Json | undefined)[];
      return codings.some((each) => each?.['system'] === system && codesOfSystem(system).includes(String(each?.['code'])));
    });
  });
}

/** What a value is replaced by, one place at a time. */
const WRONG: unknown[] = [
  'final',
  'device',
  items,
  '',
  ' ',
  'x y',
  '#x',
  0,
  -1,
  1.5,
  true,
  null,
  [],
  {},
  [null],
  ['a'],
  { a: 1 },
  [{}],
  '2024-13-01',
  undefined,
];

function* places(value: unknown, path: string[] = []): Generator<string[]> {
  if (path.length > 0) yield path;
  if (typeof value === 'object' && value !== null) for (const [key, each] of Object.entries(value)) yield* places(each, [...path, key]);
}

function changed(resource: Json, path: string[], change: (holder: Json, key: string) => void): Json {
  const copy = structuredClone(resource);
  let holder = copy;
  for (const key of path.slice(0, -1)) holder = holder[key] as Json;
  change(holder, path.at(-1) ?? '');
  return copy;
}

function mutations(resource: Json): Json[] {
  const names = [
    'unknown',
    '_status',
    'valueString',
    'dataAbsentReason',
    'extension',
    'contained',
    'text',
    'id',
    'code',
    'system',
    'value',
    'coding',
  ];
  return [...places(resource)].flatMap((path) => [
    ...WRONG.map((wrong) => changed(resource, path, (holder, key) => (holder[key] = wrong))),
    changed(resource, path, (holder, key) => delete holder[key]),
    changed(resource, path, (holder, key) => (holder[key] = [holder[key]])),
    ...names.flatMap((name) =>
      ['x', { text: 'x' }, [{ url: 'x' }]].map((value) => changed(resource, path, (holder) => (holder[name] = value))),
    ),
  ]);
}

function accepts(resource: Json): boolean {
  try {
    validateResource(resource as unknown as Resource);
    return true;
  } catch {
    return false;
  }
}

describe.each(Object.entries(samples))('a quick look at %s', (_name, resource) => {
  it('passes it', () => {
    expect(isSurelyValid(resource)).toBe(true);
  });

  it('passes nothing that the validator or a value set refuses, whatever is wrong with it', () => {
    schemaOf(String(resource['resourceType']));
    const all = mutations(resource);
    const right = (each: Json): boolean => accepts(each) && isCodedRight(each);
    const passed = all.filter(isSurelyValid);
    expect(passed.filter((each) => !right(each))).toEqual([]);
    expect(passed.length).toBeGreaterThan(10);
    expect(all.filter(right).length).toBeLessThan(all.length / 2);
  });

  it('lets nothing be sent that the validator or a value set refuses', () => {
    const sent = mutations(resource).flatMap((each) => {
      const shaped = shapeResource(each, [String(resource['resourceType'])]);
      return shaped && 'body' in shaped ? [shaped.body as Json] : [];
    });
    expect(sent.length).toBeGreaterThan(10);
    expect(sent.filter((each) => !accepts(each) || !isCodedRight(each))).toEqual([]);
  });
});
