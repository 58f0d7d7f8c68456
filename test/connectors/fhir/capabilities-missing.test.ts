import { expect, it } from '@jest/globals';
import { missingCapabilities, missingForReading } from '../../../src/connectors/fhir/capabilities-missing.js';

const all = ['read', 'update', 'delete', 'search-type'].map((code) => ({ code }));
const stating = (resource: object[], interaction: object[] = [{ code: 'transaction' }]): object => ({
  resourceType: 'CapabilityStatement',
  rest: [{ mode: 'server', interaction, resource }],
});
const said = (statement: unknown, bundle = 100, keyed = false): string[] =>
  missingCapabilities(statement, { types: ['Patient'], bundle, keyed }).map(({ message }) => message);

it('finds nothing where all is there, or where nothing is said of it', () => {
  expect(said(stating([{ type: 'Patient', interaction: all, updateCreate: true }]))).toEqual([]);
  expect(said(stating([{ type: 'Patient' }], []))).toEqual([]);
  expect(said(stating([]))).toEqual([]);
  expect(said(stating([{ type: 'Patient', interaction: all }], [{ code: 'batch' }]), 1)).toEqual([]);
});

it.each<[string, object]>([
  ['transactions', stating([{ type: 'Patient', interaction: all }], [{ code: 'batch' }])],
  ['name Patient', stating([{ type: 'Basic' }])],
  ['“update”', stating([{ type: 'Patient', interaction: all.filter(({ code }) => code !== 'update') }])],
  ['updateCreate', stating([{ type: 'Patient', interaction: all, updateCreate: false }])],
])('says in words what is lacking: %s', (what, statement) => {
  const found = said(statement);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(what);
});

it.each([undefined, null, [], 'x', { rest: null }, { rest: [null, 3, { mode: 'server', interaction: 7, resource: [null, []] }] }])(
  'takes any statement, however odd: %j',
  (statement) => {
    expect(() => missingCapabilities(statement, { types: ['Patient'], bundle: 100, keyed: true })).not.toThrow();
  },
);

const searching = (...names: string[]): object =>
  stating([{ type: 'Patient', interaction: all, searchParam: names.map((name) => ({ name })) }]);

it.each<[string[], boolean, string[]]>([
  [['_id', '_tag', 'identifier'], true, []],
  [['_id', '_tag'], false, []],
  [['_id', '_tag'], true, ['identifier']],
  [['_id', 'name'], false, ['_tag']],
  [['name'], true, ['_id', '_tag', 'identifier']],
  // It names none: it may have them all.
  [[], true, []],
])('warns of searches that are not among those that are named: %j, keyed %j', (names, keyed, lacking) => {
  const found = said(searching(...names), 100, keyed);
  expect(found.map((each) => /“(.*?)”/.exec(each)?.[1])).toEqual(lacking);
});

it('counts searches that are named for all types, and asks for no key where a type cannot have one', () => {
  const searchParam = ['_id', '_tag'].map((name) => ({ name }));
  const statement = { rest: [{ mode: 'server', searchParam, resource: [{ type: 'Provenance', searchParam: [{ name: 'target' }] }] }] };
  expect(missingCapabilities(statement, { types: ['Provenance'], bundle: 1, keyed: true })).toEqual([]);
});

it.each<[object, string | undefined]>([
  [{ fhirVersion: '4.0.1', format: ['application/fhir+xml', 'application/fhir+json'] }, undefined],
  [{ fhirVersion: '4.3.0', format: ['json'] }, undefined],
  [{ fhirVersion: 7, format: 'xml' }, undefined],
  [{ fhirVersion: '5.0.0' }, 'FHIR 5.0.0'],
  [{ fhirVersion: '3.0.2' }, 'FHIR 3.0.2'],
  [{ fhirVersion: '4.6.0' }, 'FHIR 4.6.0'],
  [{ fhirVersion: '5.0.0-ballot' }, 'FHIR 5.0.0,'],
  [{ format: ['xml'] }, 'JSON'],
])('says of what version a server is, and whether it speaks JSON: %j', (more, says) => {
  const statement = { ...stating([{ type: 'Patient', interaction: all }]), ...more };
  const both = [said(statement), missingForReading(statement, 'Patient', []).map(({ message }) => message)];
  for (const found of both) expect(found).toEqual(says === undefined ? [] : [expect.stringContaining(says)]);
});
