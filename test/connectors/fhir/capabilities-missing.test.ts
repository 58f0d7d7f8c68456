import { expect, it } from '@jest/globals';
import { missingCapabilities } from '../../../src/connectors/fhir/capabilities-missing.js';

const all = ['read', 'update', 'delete', 'search-type'].map((code) => ({ code }));
const stating = (resource: object[], interaction: object[] = [{ code: 'transaction' }]): object => ({
  resourceType: 'CapabilityStatement',
  rest: [{ mode: 'server', interaction, resource }],
});
const said = (statement: unknown, bundle = 100): string[] =>
  missingCapabilities(statement, ['Patient'], bundle).map(({ message }) => message);

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
    expect(() => missingCapabilities(statement, ['Patient'], 100)).not.toThrow();
  },
);
