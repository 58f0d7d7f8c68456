import { afterAll, describe, expect, it } from '@jest/globals';
import { MappingFailed, type MappingDefinition } from '../../../src/mapping/mapping.js';
import { LocalMapping } from '../../../src/mapping/threads/local-mapping.js';
import type { MapItem } from '../../../src/mapping/threads/messages.js';
import { MappingThreads } from '../../../src/mapping/threads/mapping-threads.js';

const threads = new MappingThreads({ entry: new URL('../../../dist/src/mapping/threads/map-thread.js', import.meta.url) });
afterAll(() => threads.close());

const codes = { all: { name: 'all', entries: { A: 'a' } } };
const scope = { parent: () => ({ reference: 'A/1' }), ref: (name: string) => ({ reference: `#${name}` }) };
const of = (map: string, functions: Record<string, string>, changes: Partial<MappingDefinition> = {}): MappingDefinition => ({
  dependsOn: {},
  parents: {},
  map: { main: map },
  concepts: { in: ['observations'], unmapped: 'report', ignore: [] },
  to: { keys: {} },
  functions,
  ...changes,
});

const body = { ID: 7, letter: 'A', list: ['A', 'A'], observations: { Weight: 3, Height: 40, Left: 1 } };
const turn = { isUp: false };
const item: Omit<MapItem, 'body'> = { work: 'map', scope: { parents: [], refs: [{ name: 'main', reference: { reference: '#main' } }] } };

/** What a thread makes of it, by JSONata itself. */
async function onThread(definition: MappingDefinition): Promise<unknown> {
  const map = Object.fromEntries(Object.entries(definition.map).map(([name, source]) => [name, `(1; ${source})`]));
  return threads.mapping({ ...definition, map }, codes).map(body, scope);
}

async function failure(definition: MappingDefinition): Promise<unknown> {
  const failed: unknown = await threads
    .mapping(definition, codes)
    .map(body, scope)
    .catch((error: unknown) => error);
  if (!(failed instanceof MappingFailed)) throw new Error('It did not fail', { cause: failed });
  const { code, message } = failed.error;
  return { code, message };
}

const quantity = 'function($value, $unit, $code) { { "value": $value, "unit": $unit, "code": $code } }';

describe('functions of a definition', () => {
  it.each([
    ['gives what it is given', '$quantity(observations.Weight, "kg", "kg")', { value: 3, unit: 'kg', code: 'kg' }],
    ['is given less than it takes', '$quantity(observations.Weight)', { value: 3 }],
    ['calls another', '$kilos(observations.Weight)', { value: 3, unit: 'kg' }],
    [
      'sees the record, also where it is called within a list',
      '{ "l": list.{ "id": $id(), "own": $ } }',
      {
        l: [
          { id: 7, own: 'A' },
          { id: 7, own: 'A' },
        ],
      },
    ],
    ['reaches into what it is given', '{ "h": $height(observations) }', { h: 40 }],
    ['uses helpers', '{ "c": $coded(letter), "r": $self() }', { c: 'a', r: { reference: '#main' } }],
  ])('one that %s gives the same on a thread and without one', async (_what, map, main) => {
    const definition = of(map, {
      quantity,
      kilos: 'function($value) { $quantity($value, "kg") }',
      id: 'function() { ID }',
      height: 'function($all) { $all.Height }',
      coded: 'function($value) { $code("all", $value) }',
      self: 'function() { $ref("main") }',
    });
    const local = await LocalMapping.of(definition, codes, turn)?.work(item, body);
    expect(local?.value).toMatchObject({ resources: { main } });
    expect(await onThread(definition)).toEqual(local?.value);
    expect(await threads.mapping(definition, codes).map(body, scope)).toEqual(local?.value);
  });

  it('read concepts of the record, which count as read', async () => {
    const definition = of('{ "w": $of("Weight"), "h": $height() }', {
      of: 'function($concept) { $lookup(observations, $concept) }',
      height: 'function() { observations.Height }',
    });
    expect(await threads.mapping(definition, codes).map(body, scope)).toEqual({ resources: { main: { w: 3, h: 40 } }, unmapped: ['Left'] });
  });

  it('work in filters, keys and parents too', async () => {
    const functions = { has: 'function($value) { $exists($value) }', id: 'function() { "no-" & ID }' };
    const keys = { main: { value: '$id()' } };
    const mapping = threads.mapping(of('{}', functions, { when: '$has(Nothing)', dependsOn: { A: '$id()' }, to: { keys } }), codes);
    expect(await mapping.accepts(body)).toBe(false);
    expect(await mapping.keys(body)).toEqual({ main: { value: 'no-7' } });
    expect(await mapping.parentIds(body)).toEqual({ A: 'no-7' });
  });

  it('that call themselves, and end, give what they give', async () => {
    const definition = of('{ "n": $sum($down(5)) }', { down: 'function($n) { $n > 0 ? [$n, $down($n - 1)] : [] }' });
    expect(await threads.mapping(definition, codes).map(body, scope)).toMatchObject({ resources: { main: { n: 15 } } });
  });

  it.each([
    ['without end', { f: 'function($n) { { "n": $f($n) } }' }, '$f(1)'],
    ['without end by way of one another', { f: 'function($n) { $g($n) & "" }', g: 'function($n) { $f($n) & "" }' }, '$f(1)'],
    ['without end in the place of their end', { f: 'function($n) { $f($n) }' }, '$f(1)'],
  ])('that call themselves %s are an error of the record', async (_what, functions, map) => {
    expect(await failure(of(map, functions))).toMatchObject({ code: 'MappingTooLong' });
  });

  it.each([
    ['texts', '$a & $a', '"12345678"'],
    ['lists', '[$a, $a]', '[1, 2, 3]'],
    ['lists within lists', '[[$a], [$a]]', '0'],
    ['objects', '{ "a": $a, "b": $a }', '1'],
  ])('that make ever larger %s are never run without a thread', async (_what, twice, first) => {
    const functions = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [`f${n}`, n === 0 ? `function($a) { ${twice} }` : `function($a) { $f${n - 1}($f0($a)) }`]),
    );
    const definition = of(`$f29(${first}) ? { "a": $f29(${first}) } : {}`, functions);
    const start = performance.now();
    expect(await LocalMapping.of(definition, codes, turn)?.work(item, body)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('that call others more often than can be counted are left to threads', () => {
    const functions = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [
        `f${n}`,
        n === 0 ? 'function() { ID }' : `function() { { "a": $f${n - 1}(), "b": $f${n - 1}() } }`,
      ]),
    );
    expect(LocalMapping.of(of('$f39()', functions), codes, turn)).toBeUndefined();
    const loops = { f: 'function() { list.{ "a": $g() } }', g: 'function() { list.{ "a": $ } }' };
    expect(LocalMapping.of(of('{ "l": $f() }', loops), codes, turn)).toBeUndefined();
  });

  it('that fail are named with their place, and no value of the record', async () => {
    const functions = { upper: 'function($value) { $uppercase($value) }' };
    expect(await failure(of('{ "a": $upper(observations) }', functions))).toEqual({
      code: 'MappingFailed',
      message: 'The expression map.main fails on this record (T0410, character 29 of functions.upper at “uppercase”).',
    });
    expect(await failure(of('{ "a": $upper("x") & $uppercase(ID) }', functions))).toMatchObject({
      message: 'The expression map.main fails on this record (T0410, character 32 at “uppercase”).',
    });
  });
});
