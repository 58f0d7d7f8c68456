import { describe, expect, it } from '@jest/globals';
import { sameContent } from '../../../src/connectors/fhir/compare.js';
import { replacePlaceholders } from '../../../src/connectors/fhir/placeholders.js';
import { storedResource } from '../../../src/connectors/fhir/resource.js';
import { readJson, writeJson } from '../../../src/json/json.js';

const weighing = (digits: string): object =>
  readJson(`{"resourceType":"Observation","id":"a","meta":{"x":1},"valueQuantity":{"value":${digits},"unit":"kg"}}`) as object;

describe('what is stored against what would be sent', () => {
  it.each([
    ['1.10', '1.1', true],
    ['1.1', '1.100', true],
    ['100000', '1e5', true],
    ['12345678901234567890', '12345678901234567890.0', true],
    ['12345678901234567890', '12345678901234567891', false],
    ['12345678901234567000', '12345678901234567890', false],
    ['1.10', '"1.10"', false],
    ['1.10', '{"text":"1.10"}', false],
  ])('takes %s and %s for the same: %s', (stored, sent, same) => {
    for (const serverAdds of [[], ['meta'], ['valueQuantity.unit']])
      expect(sameContent(weighing(stored), weighing(sent), 'http://x', serverAdds)).toBe(same);
  });
});

it('writes a stored resource back with the digits that others gave it', () => {
  const stored = storedResource(weighing('1.10') as Record<string, unknown>);
  expect(writeJson({ ...stored, active: false })).toContain('"value":1.10,');
  const sent = { ...stored, subject: { reference: 'urn:sangam:ref:main' } };
  expect(writeJson(replacePlaceholders(sent, new Map([['main', 'Patient/p']])))).toContain('"value":1.10,');
});

it('takes a number in the place of an id or key by its digits', () => {
  const odd = readJson('{"resourceType":"Patient","id":12345678901234567890,"identifier":[{"value":1.10},2]}') as Record<string, unknown>;
  expect(storedResource(odd)).toMatchObject({ id: '12345678901234567890', identifier: [{ value: '1.10' }] });
});
