import { describe, expect, it } from '@jest/globals';
import { ontoStored } from '../../../src/connectors/fhir/adopt.js';
import { sameContent } from '../../../src/connectors/fhir/compare.js';
import type { StoredResource } from '../../../src/connectors/fhir/resource.js';
import { readJson } from '../../../src/json/json.js';

const base = 'http://s/fhir';
const theirs: StoredResource = {
  resourceType: 'Patient',
  id: 'h1',
  extension: [{ url: 'urn:h:religion', valueString: 'x' }],
  identifier: [
    { system: 'urn:h', value: 'K-1', use: 'official' },
    { system: 'urn:h:card', value: '7', use: 'old' },
  ],
};
const given = (more: object): StoredResource => ({ resourceType: 'Patient', id: 'h1', ...more });
const write = (stored: StoredResource, more: object): StoredResource =>
  ontoStored(stored, given(more), 'i/p/B/1', { base, before: undefined }).body;
/** What a server stores of it that gives some texts back in another form. */
const kept = (body: StoredResource, forms: [string, string][]): StoredResource =>
  readJson(forms.reduce((text, [sent, stored]) => text.replaceAll(sent, stored), JSON.stringify(body))) as StoredResource;

describe('entries of lists that Sangam gave a resource of others', () => {
  it.each<[string, object, [string, string]]>([
    ['an instant', { valueDateTime: '2026-11-30T10:30:00+05:30' }, ['2026-11-30T10:30:00+05:30', '2026-11-30T05:00:00.000Z']],
    ['a reference', { valueReference: { reference: `${base}/Organization/1` } }, [`${base}/Organization`, 'Organization']],
    ['a number', { valueDecimal: 1.5 }, ['1.5', '1.500']],
    ['a number of another exponent', { valueDecimal: 150 }, ['150', '1.5e2']],
  ])('are known again where the server gives %s in another form', (_what, value, form) => {
    const more = { extension: [{ url: 'urn:avni', ...value }] };
    const stored = kept(write(theirs, more), [form]);
    const again = write(stored, more);
    expect(again['extension']).toHaveLength(2);
    expect(sameContent(stored, again, base, [])).toBe(true);
    // Given no more, it is known as Sangam's in that form too.
    expect(write(stored, {})['extension']).toEqual(theirs['extension']);
  });

  it('change with the mapping, while those of others stay as they are', () => {
    const card = { system: 'urn:avni', value: '9' };
    const stored = write(theirs, {
      identifier: [
        { ...card, period: { end: '2026-01-01' } },
        { system: 'urn:h:card', value: '7' },
      ],
    });
    const changed = { ...card, use: 'old', period: { end: '2027-12-31' } };
    const again = write(stored, { identifier: [changed, { system: 'urn:h:card', value: '7', use: 'temp' }] });
    expect(again.identifier).toEqual([...(theirs.identifier as object[]), changed]);
    expect(sameContent(stored, again, base, [])).toBe(false);
  });

  it('change with the mapping in meta, while those of others stay as they are', () => {
    const label = (code: string, display: string): object => ({ system: 'urn:labels', code, display });
    const hospitals: StoredResource = { ...theirs, meta: { security: [label('R', 'Restricted')] } };
    const meta = (display: string): object => ({
      meta: { security: [label('R', display), label('V', display)], tag: [label('t', display)] },
    });
    const again = write(write(hospitals, meta('old')), meta('new'));
    expect(again.meta?.security).toEqual([label('R', 'Restricted'), label('V', 'new')]);
    expect(again.meta?.tag).toContainEqual(label('t', 'new'));
    expect(again.meta?.tag).not.toContainEqual(label('t', 'old'));
  });
});
