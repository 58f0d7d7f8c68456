import { describe, expect, it } from '@jest/globals';
import { fhir } from '../../src/connectors/fhir/index.js';
import { compileMapping } from '../../src/mapping/compile-mapping.js';
import { mapAll } from '../../src/sync/item.js';
import { withoutOutcome } from '../../src/sync/outcome.js';
import type { EntityTypeParts } from '../../src/sync/parts.js';
import { fakeProcess } from '../support/sync/fake-process.js';

/** What each level of a record holds the next one in. */
const LEVELS: [string, (value: unknown) => unknown][] = [
  ['objects', (value) => ({ a: value })],
  ['lists', (value) => [value]],
  ['elements of R4', (value) => ({ extension: [value] })],
];

function nested(depth: number, around: (value: unknown) => unknown): unknown {
  let value: unknown = 'x';
  for (let n = 0; n < depth; n += 1) value = around(value);
  return value;
}

async function outcomeOf(expression: string, observations: unknown): Promise<Awaited<ReturnType<typeof mapAll>>[number]> {
  const settings = { resources: ['Patient'] };
  const entityTypes = { Person: { formerly: [], settings, resourceNames: ['main'], keyed: [] } };
  const destination = fhir
    .connect('emr', { url: 'http://127.0.0.1:1' }, { margin: 0 })
    .destination?.(settings, { integration: 'i', process: 'p', entityTypes });
  if (!destination) throw new Error('FHIR is a destination');
  const usual = fakeProcess({ Person: { concepts: { in: ['observations'], unmapped: 'report', ignore: [] } } }).parts['Person'];
  if (!usual) throw new Error('It has the type');
  const mapping = compileMapping({ entityType: { ...usual.definition, map: { main: expression } }, codes: {} });
  const parts: EntityTypeParts = { ...usual, mapping, destination };
  const record = { id: 'r', version: '1', modified: '2026-01-01T00:00:00.000Z', voided: false, body: { observations } };
  const [made] = await mapAll([{ record, scope: { parent: () => undefined, ref: () => undefined } }], parts, new AbortController().signal);
  return made ?? withoutOutcome();
}

describe.each(LEVELS)('a record of %s within one another', (_what, around) => {
  it.each([
    '{ "resourceType": "Patient", "name": [{ "text": $string(observations) }] }',
    '{ "resourceType": "Patient", "name": observations.A }',
    '{ "resourceType": "Patient", "extension": observations.A }',
    '{ "resourceType": "Patient", "extension": observations.A.extension }',
    '{ "resourceType": "Patient", "contained": [observations.A] }',
    '{ "resourceType": "Patient", "name": [{ "text": $string(observations.**[0]) }] }',
  ])('fails alone or is written, at whatever depth: %s', async (expression) => {
    for (const depth of [50, 120, 600, 1200, 1400, 1600, 2000, 2500, 3000, 3500, 4000, 5000, 8000, 100_000]) {
      const outcome = await outcomeOf(expression, { A: nested(depth, around) });
      if ('request' in outcome) continue;
      expect(outcome).toMatchObject({
        result: 'errored',
        error: { code: expect.stringMatching(/^(InvalidResource|MappingTooLong|MappingFailed)$/) },
      });
    }
  });
});

it('says of a resource that is too deep where it becomes so, and writes one that is not', async () => {
  const extension = (depth: number): unknown => nested(depth, (value) => ({ extension: [value], url: 'http://x' }));
  const map = '{ "resourceType": "Patient", "extension": observations.A.extension }';
  const innermost = {
    A: nested(98, (value) => (value === 'x' ? { url: 'http://x', valueString: 'x' } : { url: 'http://x', extension: [value] })),
  };
  expect(await outcomeOf(map, innermost)).toMatchObject({ request: { action: 'upsert' } });
  expect(await outcomeOf(map, { A: extension(120) })).toMatchObject({
    error: { code: 'InvalidResource', path: expect.stringMatching(/^Patient(\.extension)+$/) },
  });
});

it('still finds the concepts nobody reads in question groups within one another', async () => {
  const outcome = await outcomeOf('{ "resourceType": "Patient", "active": $exists(observations.A.B) }', {
    A: { B: { C: 1 }, D: { E: 2 } },
  });
  expect(outcome).toMatchObject({ unmapped: ['A » B » C', 'A » D'] });
});
