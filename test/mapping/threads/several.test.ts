import { afterAll, describe, expect, it } from '@jest/globals';
import { itemName } from '../../../src/mapping/item-name.js';
import { MappingFailed, type MappingDefinition } from '../../../src/mapping/mapping.js';
import { LocalMapping } from '../../../src/mapping/threads/local-mapping.js';
import type { MapItem } from '../../../src/mapping/threads/messages.js';
import { MappingThreads } from '../../../src/mapping/threads/mapping-threads.js';
import { compileMapping } from '../../../src/mapping/compile-mapping.js';
import { anyItemName } from '../../../src/mapping/item-name.js';

const threads = new MappingThreads({ entry: new URL('../../../dist/src/mapping/threads/map-thread.js', import.meta.url) });
afterAll(() => threads.close());

const rows = [
  { concept: 'Weight', loinc: '29463-7', unit: 'kg' },
  { concept: 'Height', loinc: '8302-2', unit: 'cm' },
];
const codes = { vitals: { name: 'vitals', entries: {}, rows } };
const placeholder = (name: string): { reference: string } => ({ reference: `ref:${encodeURIComponent(name)}` });
const scope = { parent: (type: string, name?: string) => ({ reference: `${type}/${name ?? 'main'}` }), ref: placeholder };
const of = (each: { list: string; id: string }, resource: string, map: Record<string, string> = {}): MappingDefinition => ({
  dependsOn: {},
  parents: {},
  map: { danger: resource, ...map },
  each: { danger: each },
  concepts: { in: ['observations'], unmapped: 'report', ignore: [] },
  to: { keys: {} },
});
const signs = { list: 'observations.`Danger signs`', id: '$' };
const bodyWith = (given: unknown): unknown => ({ ID: 7, observations: { 'Danger signs': given } });

/** Without threads, on one, and on one by JSONata itself: the same, or the test fails. */
async function made(definition: MappingDefinition, body: unknown): Promise<unknown> {
  const onThread = await threads.mapping(definition, codes).map(body, scope);
  const map = Object.fromEntries(Object.entries(definition.map).map(([name, source]) => [name, `(1; ${source})`]));
  expect(await threads.mapping({ ...definition, map }, codes).map(body, scope)).toEqual(onThread);
  expect(await compileMapping({ entityType: definition, codes }).map(body, scope)).toEqual(onThread);
  return onThread.resources;
}

async function failure(definition: MappingDefinition, body: unknown): Promise<unknown> {
  const failed: unknown = await threads
    .mapping(definition, codes)
    .map(body, scope)
    .catch((error: unknown) => error);
  if (!(failed instanceof MappingFailed)) throw new Error('It did not fail', { cause: failed });
  const { code, message, expression } = failed.error;
  return { code, message, expression };
}

describe('a resource for each item', () => {
  it('is made of the item, the record, and what the mapping may reach', async () => {
    const definition = of(signs, '{ "sign": $, "of": $$.ID, "by": $parent("A"), "at": $ref("visit") }', { visit: '{ "id": ID }' });
    const one = (sign: string) => ({ sign, of: 7, by: { reference: 'A/main' }, at: placeholder('visit') });
    expect(await made(definition, bodyWith(['Fits', 'Fever']))).toEqual({
      [itemName('danger', 'Fits')]: one('Fits'),
      [itemName('danger', 'Fever')]: one('Fever'),
      visit: { id: 7 },
    });
  });

  it('needs no thread for a few small ones', async () => {
    const item: Omit<MapItem, 'body'> = {
      work: 'map',
      scope: { parents: [], refs: [{ name: 'danger', reference: placeholder(anyItemName('danger')) }] },
    };
    const local = LocalMapping.of(of(signs, '{ "sign": $, "of": $$.ID, "self": $ref("danger", $) }'), codes, { isUp: false });
    expect((await local?.work(item, bodyWith(['Fits'])))?.value).toMatchObject({
      resources: { [itemName('danger', 'Fits')]: { sign: 'Fits', of: 7, self: placeholder(itemName('danger', 'Fits')) } },
    });
    const many = Array.from({ length: 21 }, (_, index) => `s${index}`);
    expect(await local?.work(item, bodyWith(many))).toBeUndefined();
    expect(Object.keys((await made(of(signs, '{ "sign": $ }'), bodyWith(many))) as object)).toHaveLength(21);
  });

  it('has a name that does not change where the list is reordered, and shows nothing of the record', async () => {
    const definition = of({ list: 'observations.`Danger signs`', id: 'no' }, '{ "w": w }');
    const [a, b] = [
      { no: 1, w: 3 },
      { no: 2, w: 4 },
    ];
    const [first, other] = [await made(definition, bodyWith([a, b])), await made(definition, bodyWith([b, a]))];
    expect(first).toEqual(other);
    for (const name of Object.keys(first as object)) expect(name).toMatch(/^danger\/[0-9a-f]{32}$/);
  });

  it.each([
    ['no list is a list of one', 'Fits', ['Fits']],
    ['an empty list is none', [], []],
    ['nothing is none', undefined, []],
    ['null is none', null, []],
  ])('where %s', async (_what, given, items) => {
    const names = Object.keys((await made(of(signs, '{ "sign": $ }'), bodyWith(given))) as object);
    expect(names).toEqual(items.map((item) => itemName('danger', item)));
  });

  it('may be none for an item', async () => {
    expect(await made(of(signs, '$ = "Fits" ? { "sign": $ }'), bodyWith(['Fits', 'Fever']))).toEqual({
      [itemName('danger', 'Fits')]: { sign: 'Fits' },
    });
  });

  it.each([
    ['two items of one id', ['Secret', 'Secret'], '$', 'ItemIdTwice', 'map.danger.id gives two items the same id.'],
    [
      'an id that is undefined',
      ['Secret'],
      'nothing',
      'ItemIdMissing',
      'map.danger.id gives an item neither a number nor a text that can be an id.',
    ],
    [
      'an id that is no text',
      [{ a: 'Secret' }],
      '$',
      'ItemIdMissing',
      'map.danger.id gives an item neither a number nor a text that can be an id.',
    ],
  ])('is an error of the record for %s', async (_what, given, id, code, message) => {
    const definition = of({ list: 'observations.`Danger signs`', id }, '{ "sign": 1 }');
    expect(await failure(definition, bodyWith(given))).toEqual({ code, message, expression: 'map.danger.id' });
  });

  it('is referred to by its item’s id, or all of them at once', async () => {
    const visit = '{ "all": $ref("danger"), "one": $ref("danger", "Fits"), "none": $ref("danger", "Other") }';
    const refs = ['Fits', 'Fever'].map((sign) => placeholder(itemName('danger', sign)));
    expect(await made(of(signs, '{ "sign": $ }', { visit }), bodyWith(['Fits', 'Fever']))).toMatchObject({
      visit: { all: refs, one: refs[0] },
    });
    expect(await made(of(signs, '{ "sign": $ }', { visit }), bodyWith(['Fits', 'Fever']))).not.toHaveProperty('visit.none');
  });

  it('of a parent is named by the id that stands in the expression', async () => {
    const definition = of(signs, '{ "twin": $parent("A", "twin", "1") }');
    expect(threads.mapping(definition, codes).parentRefs).toEqual([{ entityType: 'A', name: itemName('twin', '1') }]);
    expect(await made(definition, bodyWith('x'))).toEqual({
      [itemName('danger', 'x')]: { twin: { reference: `A/${itemName('twin', '1')}` } },
    });
  });

  it('maps a whole form by the rows of a table, and what these name counts as read', async () => {
    const definition = of(
      { list: '$rows("vitals")[$exists($lookup($$.observations, concept))]', id: 'concept' },
      '{ "code": loinc, "value": $lookup($$.observations, concept), "unit": unit }',
    );
    const body = { observations: { Weight: 3, Height: 40, Left: 1 } };
    expect(await threads.mapping(definition, codes).map(body, scope)).toEqual({
      resources: {
        [itemName('danger', 'Weight')]: { code: '29463-7', value: 3, unit: 'kg' },
        [itemName('danger', 'Height')]: { code: '8302-2', value: 40, unit: 'cm' },
      },
      unmapped: ['Left'],
    });
  });

  it('reads of a question group what its expressions read', async () => {
    const definition = of({ list: 'observations.Group', id: '"1"' }, '{ "a": a }');
    expect(await threads.mapping(definition, codes).map({ observations: { Group: { a: 1, b: 2 } } }, scope)).toEqual({
      resources: { [itemName('danger', '1')]: { a: 1 } },
      unmapped: ['Group » b'],
    });
  });
});
