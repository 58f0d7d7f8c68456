import { describe, expect, it } from '@jest/globals';
import { fhir } from '../../src/connectors/fhir/index.js';
import type { ClassifiedError } from '../../src/model/classified-error.js';
import { classifier } from '../../src/errors/classify.js';
import { compileMapping } from '../../src/mapping/compile-mapping.js';
import { mapAll } from '../../src/sync/item.js';
import type { EntityTypeParts } from '../../src/sync/parts.js';
import { fakeProcess } from '../support/sync/fake-process.js';

/** Digits of a person's phone number that must be in nothing that is kept. */
const PHONE = '98450';
const classify = classifier([], 'retry');

/**
 * What becomes of a record with these observations under an expression: what may be stored of it.
 */
async function kept(expression: string, observations: object, unmapped: 'hold' | 'ignore' | 'report' = 'ignore'): Promise<Kept> {
  const settings = { resources: ['Patient'] };
  const entityTypes = { Person: { formerly: [], settings, resourceNames: ['main'], keyed: [] } };
  const connector = fhir.connect('emr', { url: 'http://127.0.0.1:1' }, { margin: 0 });
  const destination = connector.destination?.(settings, { integration: 'i', process: 'p', entityTypes });
  if (!destination) throw new Error('FHIR is a destination');
  const usual = fakeProcess({ Person: { concepts: { in: ['observations'], unmapped, ignore: [] } } }).parts['Person'];
  if (!usual) throw new Error('It has the type');
  const mapping = compileMapping({ entityType: { ...usual.definition, map: { main: expression } }, codes: {} });
  const parts: EntityTypeParts = { ...usual, mapping, destination };
  const record = { id: 'r', version: '1', modified: '2026-01-01T00:00:00.000Z', voided: false, body: { observations } };
  const [outcome] = await mapAll(
    [{ record, scope: { parent: () => undefined, ref: () => undefined } }],
    parts,
    new AbortController().signal,
  );
  if (!outcome) throw new Error('One outcome for one record');
  if ('request' in outcome) return { findings: outcome.unmapped };
  return outcome.result === 'errored' ? { error: classify(outcome.error), detail: outcome.error.detail } : {};
}

interface Kept {
  error?: ClassifiedError;
  detail?: string | undefined;
  findings?: string[];
}

describe('a record that has a phone number as the name of an observation', () => {
  const names = [
    '+91 98450 12345',
    '9845012345',
    'x" 9845012345 "y',
    "it's 98450 isn't",
    'name.98450',
    'value98450Code',
    'active98450',
    'a\n98450',
  ];
  it.each([
    ['as members of the resource', '$merge([{ "resourceType": "Patient" }, observations])', /^Patient(\.name)?$/],
    ['as members of a part', '{ "resourceType": "Patient", "name": [{ "family": "a" }, observations] }', /^Patient\.name\[1\]/],
    [
      'inside an extension',
      '{ "resourceType": "Patient", "extension": [$merge([{ "url": "http://x" }, observations])] }',
      /^Patient\.extension(\[0\])?/,
    ],
    ['as a type', '{ "resourceType": "Patient", "contained": [{ "resourceType": $keys(observations) }] }', /^(Patient\b.*)?$/],
    ['in an error of the expression', '$keys(observations) * 2', /^map\.main$/],
    ['in an error that it throws', '$error($keys(observations))', /^map\.main$/],
  ])('keeps nothing of it %s', async (_where, expression, path) => {
    for (const name of names) {
      const { error } = await kept(expression, { [name]: 'x' });
      expect([name, error?.path]).toEqual([name, expect.stringMatching(path)]);
      expect(error?.expression).toBe('map.main');
      expect(JSON.stringify(error)).not.toContain(PHONE);
    }
  });

  it('says where concepts are not mapped, but not by such a name, which is seen by running it again', async () => {
    const observations = { 'Blood group': 'B', '98450-12345': 'x', '+91 (98450) 12 345': 'x', '९८४५०१२३४५': 'x', 'ravi@example.org': 'x' };
    const group = { Height: 1, Household: { ...observations } };
    const expression = '{ "resourceType": "Patient", "active": observations.Household.x = 1 }';
    const { error, detail } = await kept(expression, group, 'hold');
    const hidden = 'Household » (a name that looks like a value)';
    expect(error).toMatchObject({ errorType: 'UnmappedConcepts', path: `Height, Household » Blood group, ${hidden}` });
    expect(detail).toContain('98450-12345');
    expect((await kept(expression, group, 'report')).findings).toEqual(['Height', 'Household » Blood group', hidden]);
    expect(JSON.stringify(error)).not.toMatch(/98450|९८४५०|ravi/);
  });

  it.each(['Weight (29463-7)', 'Visits in 2023-24', 'रक्त समूह', 'PHQ-9 item 1'])('keeps the name of the concept %s', async (name) => {
    expect((await kept('{ "resourceType": "Patient", "active": true }', { [name]: 1 }, 'report')).findings).toEqual([name]);
  });
});
