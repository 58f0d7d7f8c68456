import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { SourceRecord, Unreadable } from '../../../../src/connectors/connector.js';
import { fhir } from '../../../../src/connectors/fhir/index.js';
import { compileExpression } from '../../../../src/mapping/expression.js';
import { startServer } from '../../../../src/simulators/server.js';
import { c, iso, read, report, sourceAt, T, weight, world } from './source-world.js';

const tagged = (code: string) => ({ meta: { tag: [{ system: 'urn:sangam:origin', code }] } });
async function all(records: AsyncIterable<SourceRecord | Unreadable>): Promise<(SourceRecord | Unreadable)[]> {
  const list: (SourceRecord | Unreadable)[] = [];
  for await (const each of records) list.push(each);
  return list;
}

describe('joined resources', () => {
  it('are under “included” by reference, in changes and by id, only those that the record refers to', async () => {
    const { simulator, source } = await world();
    const { repository } = simulator;
    for (const n of [1, 2, 3]) repository.put(weight(`w${n}`, n), T);
    repository.put(report('r1', ['w1', 'w2', 'gone']), T + 1);
    repository.put(report('r2', ['w3']), T + 2);
    const labs = source({ resource: 'DiagnosticReport', category: 'LAB', include: ['result'] });
    const pages = await all(
      (async function* () {
        for await (const page of labs.changes(null, iso(T + 10), 10, c)) yield* page.records;
      })(),
    );
    const included = (record: SourceRecord | Unreadable | undefined) =>
      Object.entries(((record as SourceRecord).body as { included: Record<string, { id: string }> }).included).map(([name, { id }]) => [
        name,
        id,
      ]);
    expect(pages.map(included)).toEqual([
      [
        ['Observation/w1', 'w1'],
        ['Observation/w2', 'w2'],
      ],
      [['Observation/w3', 'w3']],
    ]);
    const fetched = await labs.fetch(['r2', 'r1'], c);
    expect(included(fetched.get('r1'))).toHaveLength(2);
    expect(included(fetched.get('r2'))).toEqual([['Observation/w3', 'w3']]);
  });

  it('of a reference in another form than R4’s are an error of that record alone', async () => {
    const meta = { lastUpdated: iso(T) };
    const [odd, well] = [
      { ...weight('odd', 1), meta, subject: { reference: 12345 } },
      { ...weight('well', 2), meta },
    ];
    const server = await startServer({}, () => ({
      status: 200,
      body: { resourceType: 'Bundle', type: 'searchset', entry: [odd, well].map((resource) => ({ resource, search: { mode: 'match' } })) },
    }));
    const weights = sourceAt(`${server.url}/fhir`, { resource: 'Observation', include: ['patient'] });
    const fetched = await weights.fetch(['odd', 'well'], c).finally(() => server.close());
    expect([fetched.get('odd'), fetched.get('well')]).toMatchObject([{ error: { code: 'Unreadable' } }, { id: 'well' }]);
  });

  it('come with each record also where one of the page makes the server fail', async () => {
    const { simulator, source } = await world();
    const { repository, behaviour } = simulator;
    for (const n of [1, 2, 3, 4]) repository.put(weight(`w${n}`, n), T);
    for (const n of [1, 2, 3, 4]) repository.put(report(`r${n}`, [`w${n}`]), T + n);
    behaviour.failsOn = ['r2'];
    const labs = source({ resource: 'DiagnosticReport', include: ['result'] });
    const told = async (records: AsyncIterable<SourceRecord | Unreadable> | (SourceRecord | Unreadable)[]) => {
      const list: unknown[] = [];
      for await (const each of records)
        list.push([
          each.id,
          'error' in each ? each.error.code : Object.keys((each.body as { included: Record<string, unknown> }).included),
        ]);
      return list;
    };
    const expected = [
      ['r1', ['Observation/w1']],
      ['r2', 'Unreadable'],
      ['r3', ['Observation/w3']],
      ['r4', ['Observation/w4']],
    ];
    const changes = (async function* () {
      for await (const page of labs.changes(null, iso(T + 10), 10, c)) yield* page.records;
    })();
    expect(await told(changes)).toEqual(expected);
    const ids = ['r1', 'r2', 'r3', 'r4'];
    const fetched = await labs.fetch([...ids, 'gone'], c);
    expect(fetched.size).toBe(4);
    expect(await told(ids.flatMap((id) => fetched.get(id) ?? []))).toEqual(expected);
  });

  it('are not taken for absent where the server gives a record by itself and not in a search', async () => {
    const server = await startServer({}, ({ path, query }) => {
      if (path.endsWith('/r1')) return { status: 200, body: report('r1', ['w1'], { meta: { lastUpdated: iso(T) } }) };
      if (query.get('_id') === 'r1') return { status: 500, body: {} };
      return { status: 200, body: { resourceType: 'Bundle', type: 'searchset', entry: [] } };
    });
    const labs = sourceAt(`${server.url}/fhir`, { resource: 'DiagnosticReport', include: ['result'] });
    const fetched = await labs.fetch(['r1'], c).finally(() => server.close());
    expect(fetched.get('r1')).toMatchObject({ error: { code: 'Unreadable', message: expect.stringContaining('include') } });
  });

  it.each([true, 'some', false] as const)('are all there where the server joins them: %s', async (joins) => {
    const { simulator } = await world({ joins });
    const { repository } = simulator;
    simulator.repository.put({ resourceType: 'Patient', id: 'p' }, T);
    for (const n of [1, 2, 3, 4, 5]) repository.put(weight(`w${n}`, n), T);
    const subject = { subject: { reference: 'Patient/p' } };
    repository.put(report('r1', ['w1', 'w2', 'gone'], subject), T + 1);
    const absolute = {
      result: [{ reference: `${simulator.url}/fhir/Observation/w3` }, { reference: 'https://other.example/fhir/Observation/w4' }],
    };
    repository.put(report('r2', [], { ...subject, ...absolute }), T + 2);
    repository.put(report('r3', ['w5'], subject), T + 3);
    repository.put(report('r4', [], subject), T + 4);
    const types = { Person: fhir.sourceSettings?.parse({ resource: 'Patient' }) };
    const labs = sourceAt(`${simulator.url}/fhir`, { resource: 'DiagnosticReport', include: ['result'] }, types);
    const expected = [['Observation/w1', 'Observation/w2'], [`${simulator.url}/fhir/Observation/w3`], ['Observation/w5'], []];
    const names = (record?: SourceRecord | Unreadable) => Object.keys(((record as SourceRecord).body as { included: object }).included);
    const read = async function* () {
      for await (const page of labs.changes(null, iso(T + 10), 10, c)) yield* page.records;
    };
    expect((await all(read())).map(names)).toEqual(expected);
    const fetched = await labs.fetch(['r1', 'r2', 'r3', 'r4'], c);
    expect(['r1', 'r2', 'r3', 'r4'].map((id) => names(fetched.get(id)))).toEqual(expected);
    expect(names((await labs.fetch(['r3'], c)).get('r3'))).toEqual(['Observation/w5']);
    if (!labs.childrenOf) throw new Error('FHIR lists children');
    const children = await all(labs.childrenOf({ entityType: 'Person', id: 'p' }, c));
    expect(children.map(names).sort()).toEqual([...expected].sort());
  });

  it('cost no further request where all came, and are asked for together where none did', async () => {
    const { simulator } = await world();
    for (let n = 0; n < 50; n += 1) {
      simulator.repository.put(weight(`w${n}`, n), T);
      simulator.repository.put(report(`r${n}`, [`w${n}`]), T + 1);
    }
    const ids = Array.from({ length: 50 }, (_, n) => `r${n}`);
    const asked = async (joins: boolean): Promise<number> => {
      simulator.behaviour.joins = joins;
      const before = simulator.requests.length;
      await sourceAt(`${simulator.url}/fhir`, { resource: 'DiagnosticReport', include: ['result'] }).fetch(ids, c);
      return simulator.requests.length - before;
    };
    expect([await asked(true), await asked(false)]).toEqual([1, 2]);
  });

  it('that cannot be read are the error of their record alone', async () => {
    const { simulator } = await world({ joins: false });
    const { repository, behaviour } = simulator;
    repository.put({ resourceType: 'Patient', id: 'p' }, T);
    repository.put({ ...weight('w1', 1), subject: { reference: 'Patient/p' } }, T + 1);
    repository.put({ ...weight('w2', 1), subject: { reference: 'Patient/bad' } }, T + 2);
    repository.put({ resourceType: 'Patient', id: 'bad' }, T);
    behaviour.failsOn = ['bad'];
    const weights = sourceAt(`${simulator.url}/fhir`, { resource: 'Observation', include: ['patient'] });
    const fetched = await weights.fetch(['w1', 'w2'], c);
    expect(fetched.get('w2')).toMatchObject({ id: 'w2', error: { code: 'Unreadable', message: expect.stringContaining('include') } });
    const { included } = (fetched.get('w1') as SourceRecord).body as { included: object };
    expect(Object.keys(included)).toEqual(['Patient/p']);
  });

  it('come beside records of the same type without being taken for these', async () => {
    const { simulator, source } = await world({ maxCount: 1 });
    simulator.repository.put(weight('part', 1), T - 50_000);
    simulator.repository.put({ ...weight('panel', 2), hasMember: [{ reference: 'Observation/part' }] }, T);
    const { ids } = await read(source({ resource: 'Observation', include: ['has-member'] }), { after: { v: 1, at: iso(T - 1) } });
    expect(ids).toEqual(['panel']);
  });

  it('are read by a mapping as docs/fhir-source.md shows', async () => {
    const { simulator, source } = await world();
    simulator.repository.put(weight('w1', 61.5), T);
    simulator.repository.put(report('r1', ['w1']), T + 1);
    const record = (await source({ resource: 'DiagnosticReport', include: ['result'] }).fetch(['r1'], c)).get('r1') as SourceRecord;
    const [, expression = ''] = /```\n(result\.[^`]+)```/.exec(readFileSync('docs/fhir-source.md', 'utf8')) ?? [];
    expect(await compileExpression('map.main', expression, {}).run(record.body, {})).toBe(61.5);
  });
});

describe('what Sangam wrote itself', () => {
  it('is no record of the source, neither in changes, by id, nor as a child; what another integration wrote is', async () => {
    const { put, source, simulator } = await world();
    put('theirs', T);
    put('ours', T + 1, tagged('clinic/health/Beneficiary/s1'));
    put('other', T + 2, tagged('hospital/health/Patient/s1'));
    simulator.repository.put({ ...weight('w', 1), subject: { reference: 'Patient/theirs' } }, T);
    simulator.repository.put({ ...weight('x', 1), ...tagged('clinic/health/Growth/v1'), subject: { reference: 'Patient/theirs' } }, T);
    expect((await read(source())).ids).toEqual(['theirs', 'other']);
    expect([...(await source().fetch(['theirs', 'ours', 'other'], c)).keys()]).toEqual(['theirs', 'other']);
    const types = { Person: fhir.sourceSettings?.parse({ resource: 'Patient' }) };
    const weights = sourceAt(`${simulator.url}/fhir`, { resource: 'Observation' }, types);
    if (!weights.childrenOf) throw new Error('FHIR lists children');
    const children = await all(weights.childrenOf({ entityType: 'Person', id: 'theirs' }, c));
    expect(children.map(({ id }) => id)).toEqual(['w']);
  });

  it('names its origins in bulk, by reference as it was asked', async () => {
    const { put, source, simulator } = await world();
    for (let n = 0; n < 250; n += 1) put(`p${n}`, T, tagged(`clinic/health/Beneficiary/s${n}`));
    put('plain', T);
    put('odd', T, tagged('no-origin'));
    const references = Array.from({ length: 250 }, (_, n) =>
      n % 2 === 0 ? `Patient/p${n}` : `${simulator.url}/fhir/Patient/p${n}/_history/1`,
    );
    const before = simulator.requests.length;
    const origins = await source({ resource: 'Encounter' }).originsOf?.(
      [...references, 'Patient/plain', 'Patient/odd', 'Patient/gone', 'nonsense', '#x'],
      c,
    );
    expect(origins?.size).toBe(250);
    expect(origins?.get('Patient/p4')).toEqual([{ integration: 'clinic', process: 'health', entityType: 'Beneficiary', id: 's4' }]);
    expect(origins?.get(references[7] ?? '')).toMatchObject([{ id: 's7' }]);
    expect(simulator.requests.length - before).toBeLessThan(6);
  });
});

it('names no origin for a reference to another server, which may have somebody else under that id', async () => {
  const { put, source, simulator } = await world();
  put('p1', T, tagged('clinic/health/Beneficiary/s1'));
  const own = [`${simulator.url}/fhir/Patient/p1`, 'https://emr.example/r4/Patient/p1'];
  const others = [
    'https://other.example/fhir/Patient/p1',
    'https://emr.example/Patient/p1',
    `${simulator.url}/other/Patient/p1`,
    '//other.example/Patient/p1',
    'other/Patient/p1',
    'urn:x:Patient/p1',
  ];
  const origins = await sourceAt(`${simulator.url}/fhir`, { resource: 'Encounter' }, {}, ['https://emr.example/r4']).originsOf?.(
    [...others, ...own],
    c,
  );
  expect([...(origins?.keys() ?? [])].sort()).toEqual(own.sort());
  expect((await source().originsOf?.(own, c))?.size).toBe(1);
});

it('says of what cannot be read that its origin is not known', async () => {
  const { put, source, simulator } = await world();
  for (const id of ['p1', 'p2']) put(id, T, tagged(`clinic/health/Beneficiary/${id}`));
  simulator.behaviour.failsOn = ['p1'];
  const origins = await source().originsOf?.(['Patient/p1'], c);
  expect(origins?.get('Patient/p1')).toMatchObject({ code: 'Unreadable', status: 500 });
});

describe('a part of a type', () => {
  it.each<[object, string[]]>([
    [{ category: 'LAB' }, ['lab']],
    [{ category: 'http://terminology.hl7.org/CodeSystem/v2-0074|LAB' }, ['lab']],
    [{ tag: 'urn:t|new' }, ['tagged']],
    [{ search: { status: 'final', identifier: ['urn:x|7'] } }, ['known']],
    [{}, ['lab', 'tagged', 'known']],
  ])('is read by %j', async (from, ids) => {
    const { simulator, source } = await world();
    const plain = { category: [] };
    simulator.repository.put(report('lab', []), T);
    simulator.repository.put(report('tagged', [], { ...plain, meta: { tag: [{ system: 'urn:t', code: 'new' }] } }), T + 1);
    simulator.repository.put(report('known', [], { ...plain, identifier: [{ system: 'urn:x', value: '7' }] }), T + 2);
    expect((await read(source({ resource: 'DiagnosticReport', ...from }))).ids).toEqual(ids);
  });

  it('is told by its server: one that drops what tells it apart stops the type, and one record of another part is an error of its own', async () => {
    const { simulator, source } = await world({ drops: ['category'] });
    simulator.repository.put(report('other', [], { category: [] }), T);
    const labs = source({ resource: 'DiagnosticReport', category: 'LAB' });
    await expect(read(labs)).rejects.toMatchObject({ code: 'FilterDropped' });
    simulator.repository.put(report('lab', []), T + 1);
    expect(await read(labs)).toMatchObject({ ids: ['lab'], broken: ['other'] });
    expect((await labs.fetch(['other', 'lab'], c)).get('other')).toMatchObject({ error: { code: 'OtherType' } });
  });

  it.each<[object, object]>([
    [
      { resource: 'Observation', category: 'laboratory' },
      { type: 'Observation', by: 'category', discriminator: 'laboratory' },
    ],
    [{ resource: 'Observation', search: { status: 'final' } }, { type: 'Observation' }],
  ])('tells what it reads: %j', (from, reads) => {
    expect(fhir.reads?.(fhir.sourceSettings?.parse(from))).toEqual(reads);
  });

  it.each<[object, string]>([
    [{ resource: 'Patient', category: 'x' }, 'no element category'],
    [{ resource: 'Nonsense' }, 'no resource type'],
    [{ resource: 'Patient', search: { _lastUpdated: 'ge2026' } }, 'no search parameter'],
    [{ resource: 'Patient', search: { _sort: 'name' } }, 'no search parameter'],
    [{ resource: 'Patient', include: ['general practitioner'] }, 'search parameter'],
  ])('is refused by the definition check: %j', (from, words) => {
    expect(JSON.stringify(fhir.sourceSettings?.safeParse(from).error?.issues)).toContain(words);
  });
});
