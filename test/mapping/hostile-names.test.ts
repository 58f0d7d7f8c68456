import { afterEach, describe, expect, it } from '@jest/globals';
import { knownRows } from '../../activities/known-rows.js';
import { sameContent } from '../../src/connectors/fhir/compare.js';
import { shapeResource } from '../../src/connectors/fhir/shape.js';
import { codeHelper } from '../../src/mapping/code-helper.js';
import { ReadConcepts } from '../../src/mapping/read-concepts.js';
import { addFindings as sumFindings, withFindings } from '../../src/model/findings.js';
import type { ListedRow } from '../../src/temporal/rows/list-rows.js';
import { HOSTILE_NAMES } from '../support/hostile-names.js';

type Json = Record<string, unknown>;

/** As it comes from outside: a name stands in it as a member of its own. */
const given = (name: string, value: unknown): Json => JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`) as Json;

const members = () => [Object, Array, Function].map(({ prototype }) => Reflect.ownKeys(prototype).map(String));
const before = members();

describe.each(HOSTILE_NAMES)('the name %s from outside', (name) => {
  afterEach(() => {
    expect(members()).toEqual(before);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('is a concept like any other: noticed, counted, summed, also after Temporal carried it', () => {
    const read = new ReadConcepts({ observations: given(name, 'x') }, ['observations']);
    expect(read.unread()).toEqual([name]);
    const findings = withFindings({}, [
      { id: 'a', unmapped: read.unread() },
      { id: 'b', unmapped: read.unread() },
    ]);
    const carried = JSON.parse(JSON.stringify(findings)) as typeof findings;
    expect(Object.entries(sumFindings(carried, findings))).toEqual([[name, { count: 4, first: 'a' }]]);
  });

  it('is a key of a code table where it stands in it, and a missing code where not', () => {
    const code = (entries: Json) => codeHelper({ t: { name: 't', entries: entries as Record<string, string> } })('t', name);
    expect(code(given(name, 'y'))).toBe('y');
    expect(() => code({})).toThrow('has no entry for this record’s value');
    expect(() => codeHelper({})(name, 'x')).toThrow('a code table that the definition does not have');
  });

  it('is an entity type and an error type that are counted', () => {
    const row = { entityType: name, errorType: name, state: 'failing', waiting: 2 } as ListedRow;
    const counted = Object.entries(knownRows([row, row], 'd', '2026-01-01T00:00:00.000Z').open);
    expect(counted.map(([type, { errored, waiting }]) => [type, Object.entries(errored), waiting])).toEqual([[name, [[name, 2]], 4]]);
  });

  it('is a difference between resources, and an element that no resource has', () => {
    const plain = { resourceType: 'Patient', active: true };
    const more = { ...plain, ...given(name, 'x') };
    for (const [stored, sent] of [
      [plain, more],
      [more, plain],
    ] as const)
      expect(sameContent(stored, sent, '', [])).toBe(false);
    expect(sameContent(more, { ...plain, ...given(name, 'x') }, '', [])).toBe(true);
    expect(shapeResource(more, ['Patient'])).toMatchObject({ error: { code: 'InvalidResource' } });
  });
});
