import { describe, expect, it } from '@jest/globals';
import type { EntityTypeDefinition } from '../../src/definition/definition.js';
import { compileMapping } from '../../src/mapping/compile-mapping.js';
import type { MappingFailed } from '../../src/mapping/mapping.js';

const base: EntityTypeDefinition = {
  name: 'Visit',
  formerly: [],
  cadence: { every: 1000 },
  dependsOn: {},
  parents: {},
  from: { system: 'avni', settings: {} },
  to: { system: 'emr', settings: {}, adopt: false, keys: {} },
  map: { main: '{}' },
  whenNoLonger: 'remove',
  whenVoided: 'remove',
  whenParentMissing: 'bring',
  concepts: { in: ['observations'], unmapped: 'report', ignore: [] },
};
const codes = {
  gender: { name: 'gender', entries: { Female: 'female', Male: 'male' } },
  soft: { name: 'soft', entries: { a: '1' }, fallback: '0' },
};
const compile = (changes: Partial<EntityTypeDefinition>) => compileMapping({ entityType: { ...base, ...changes }, codes });
const scope = {
  parent: (type: string, name?: string) => ({ reference: `${type}/${name ?? 'main'}` }),
  ref: (name: string) => ({ reference: `#${name}` }),
};
const failure = async (work: Promise<unknown>) =>
  work.then(
    () => expect(true).toBe(false),
    (error: unknown) => (error as MappingFailed).error,
  ) as Promise<MappingFailed['error']>;

describe('a mapping', () => {
  it('maps named resources in plain JSON, with references, codes and dates', async () => {
    const mapping = compile({
      map: {
        visit:
          '{ "who": $parent("Beneficiary"), "gender": $code("gender", observations.Gender), "on": $date(`At`, "Asia/Kolkata"), "at": $dateTime(`At`, "Asia/Kolkata") }',
        none: 'observations.Missing ? {}',
        weight: '{ "of": $ref("visit"), "langs": $code("soft", observations.Langs), "who": $parent("E", "x") }',
      },
    });
    const { resources } = await mapping.map(
      { At: '2026-01-01T20:00:00.000Z', observations: { Gender: 'Female', Langs: ['a', 'b'] } },
      scope,
    );
    expect(resources).toEqual({
      visit: { who: { reference: 'Beneficiary/main' }, gender: 'female', on: '2026-01-02', at: '2026-01-02T01:30:00.000+05:30' },
      weight: { of: { reference: '#visit' }, langs: ['1', '0'], who: { reference: 'E/x' } },
    });
    expect(mapping.parentRefs).toEqual([{ entityType: 'Beneficiary' }, { entityType: 'E', name: 'x' }]);
  });

  it('keeps the scopes of many records apart that are mapped at once', async () => {
    const mapping = compile({ map: { main: '{ "p": $parent("B"), "n": $map([1..5], function($i) { $i * n }) }' } });
    const all = await Promise.all(Array.from({ length: 500 }, (_, n) => mapping.map({ n }, { ...scope, parent: () => `p${n}` })));
    all.forEach(({ resources }, n) => expect(resources['main']).toEqual({ p: `p${n}`, n: [n, 2 * n, 3 * n, 4 * n, 5 * n] }));
  });

  it('notices concepts that no expression reads, question groups included', async () => {
    const mapping = compile({
      map: { main: '{ "a": observations.Weight, "b": observations.Household.Water }' },
      concepts: { in: ['observations'], unmapped: 'report', ignore: ['Remarks'] },
      when: 'observations.Consent != "no"',
    });
    const body = {
      observations: { Weight: 3, Height: 4, Remarks: 'x', Empty: null, Consent: 'yes', Household: { Water: 'tap', Members: 4 } },
    };
    expect((await mapping.map(body, scope)).unmapped).toEqual(['Height', 'Household » Members']);
  });

  it('notices concepts of groups that repeat, in any row, however its rows are read', async () => {
    const rows = [
      { Medicine: 'Iron', Tablets: 30, Note: '' },
      { Medicine: 'Calcium', Note: 'x', Doses: [{ Morning: 1, Evening: 2 }, { Night: 3 }] },
    ];
    const body = { observations: { Medicines: rows, Signs: ['Fever', 'Cough'] } };
    const unmapped = async (changes: Partial<EntityTypeDefinition>): Promise<string[]> =>
      (await compile(changes).map(body, scope)).unmapped;
    const [tablets, note, doses] = ['Tablets', 'Note', 'Doses'].map((name) => `Medicines » ${name}`);
    const signs = 'observations.Signs';
    expect(await unmapped({ map: { main: `{ "m": observations.Medicines.Medicine, "s": ${signs} }` } })).toEqual([tablets, note, doses]);
    expect(await unmapped({ map: { main: `{ "m": observations.Medicines[0].Medicine, "s": ${signs} }` } })).toEqual([tablets, note, doses]);
    const dosed = `{ "d": observations.Medicines.Doses.Morning, "n": observations.Medicines.Note, "s": ${signs} }`;
    expect(await unmapped({ map: { main: dosed } })).toEqual([
      ...['Medicines » Medicine', tablets, 'Medicines » Doses » Evening', 'Medicines » Doses » Night'],
    ]);
    const item = {
      map: { main: '{ "m": Medicine, "t": Tablets, "n": $$.observations.Signs }' },
      each: { main: { list: 'observations.Medicines', id: 'Medicine' } },
    };
    expect(await unmapped(item)).toEqual([note, doses]);
    expect((await compile({ map: { main: '{ "all": observations.Medicines }' } }).map(body, scope)).resources['main']).toEqual({
      all: rows,
    });
  });

  it('notices concepts though their names are parts of other words in “when”, “dependsOn” or a key', async () => {
    const mapping = compile({
      dependsOn: { P: '`Subject ID`' },
      to: { ...base.to, keys: { main: { value: 'observations.`Card ID`' } } },
      when: '`Encounter date time` != null and (observations.Sure or observations.House.Open = "yes") and $lookup(observations, "Kept")',
    });
    const observations = { Encounter: 1, date: 2, time: 3, ID: 4, Subject: 5, Open: 6, 'Card ID': 7, Sure: true, Kept: true };
    const body = { 'Subject ID': 'x', 'Encounter date time': 'x', observations: { ...observations, House: { Open: 'no', Size: 3 } } };
    expect((await mapping.map(body, scope)).unmapped).toEqual(['Encounter', 'date', 'time', 'ID', 'Subject', 'Open', 'House » Size']);
  });

  it('names the expression and never a value where it fails', async () => {
    const body = { observations: { Name: 'SENTINEL', Gender: 'SENTINEL', n: 'SENTINEL' }, id: { deep: 'SENTINEL' }, At: 'SENTINEL' };
    const expressions = [
      '$code("gender", observations.Gender)',
      'observations.n * 2',
      '$number(observations.Name)',
      '$date(At, "Asia/Kolkata")',
      '$code("none", 1)',
      'function($x){$x}',
      '1/0',
      '$sum(observations.Name)',
    ];
    for (const main of expressions) {
      const error = await failure(compile({ map: { main } }).map(body, scope));
      expect(error.expression ?? 'map.main').toBe('map.main');
      expect(JSON.stringify({ ...error, detail: '' })).not.toContain('SENTINEL');
    }
    expect((await failure(compile({ dependsOn: { P: 'id' } }).parentIds(body))).code).toBe('ParentIdInvalid');
    expect((await failure(compile({ to: { ...base.to, keys: { main: { value: 'none' } } } }).keys(body))).code).toBe('KeyMissing');
  });

  it.each([
    ['half of a character', 'SENTINEL\ud83d'],
    ['the other half', '\ude00SENTINEL'],
    ['halves the wrong way round', 'a\ude00\ud83d'],
    ['a text longer than an id can be', 'x'.repeat(2_001)],
  ])('refuses %s as a business key and as the id of a parent, and shows none of it', async (_what, id) => {
    const parent = await failure(compile({ dependsOn: { P: 'id' } }).parentIds({ id }));
    expect(parent.code).toBe('ParentIdInvalid');
    const key = await failure(compile({ to: { ...base.to, keys: { main: { value: 'id' } } } }).keys({ id }));
    expect([key.code, key.expression]).toEqual(['KeyInvalid', 'to.key.main']);
    for (const error of [parent, key]) expect(JSON.stringify(error)).not.toContain(id.slice(0, 8));
  });

  it.each(['a whole 😀', 'x'.repeat(2_000)])('takes other texts as keys and ids', async (id) => {
    expect(await compile({ dependsOn: { P: 'id' } }).parentIds({ id })).toEqual({ P: id });
    expect((await compile({ to: { ...base.to, keys: { main: { value: 'id' } } } }).keys({ id }))['main']?.value).toBe(id);
  });

  it('ends an expression that does not end by itself', async () => {
    const error = await failure(compile({ map: { main: '($f := function($n) { 1 + $f($n + 1) }; $f(1))' } }).map({}, scope));
    expect(error.code).toBe('MappingTooLong');
    const endless = await failure(compile({ map: { main: '($f := function($n) { $f($n + 1) }; $f(1))' } }).map({}, scope));
    expect(endless.code).toBe('MappingTooLong');
  });

  it('gives parent ids, filters and keys', async () => {
    const mapping = compile({
      dependsOn: { A: 'a', B: 'b', C: 'c' },
      when: 'a',
      to: { ...base.to, keys: { main: { system: 's', value: 'a' } } },
    });
    expect(await mapping.parentIds({ a: 'x', b: '', c: 5 })).toEqual({ A: 'x', B: undefined, C: '5' });
    expect(await mapping.accepts({ a: 'x' })).toBe(true);
    expect(await mapping.accepts({})).toBe(false);
    expect(await mapping.keys({ a: 7 })).toEqual({ main: { system: 's', value: '7' } });
  });
});
