import { afterAll, describe, expect, it } from '@jest/globals';
import { Cancelled } from '../../../src/errors/system-failure.js';
import { MappingFailed, type Mapping, type MappingDefinition } from '../../../src/mapping/mapping.js';
import { LocalMapping } from '../../../src/mapping/threads/local-mapping.js';
import { MappingThreads } from '../../../src/mapping/threads/mapping-threads.js';
import { TurnTime } from '../../../src/mapping/threads/turn-time.js';
import { Random } from '../../../src/simulators/avni/random.js';
import { bodyOf, expressionOf } from '../../support/expressions.js';

const threads = new MappingThreads({ entry: new URL('../../../dist/src/mapping/threads/map-thread.js', import.meta.url) });
afterAll(() => threads.close());

const entries = { text: 'code', 7: 'seven', true: 'yes' };
const codes = { all: { name: 'all', entries, fallback: 'other' }, some: { name: 'some', entries } };
const scope = {
  parent: (type: string) => (type === 'A' ? { reference: 'A/1' } : undefined),
  ref: (name: string) => ({ reference: `#${name}` }),
};
const base: MappingDefinition = {
  dependsOn: {},
  parents: {},
  map: { main: '{}' },
  concepts: { in: ['observations'], unmapped: 'report', ignore: [] },
  to: { keys: {} },
};
const of = (changes: Partial<MappingDefinition>): Mapping => threads.mapping({ ...base, ...changes }, codes);
const local = (main: string, turn = { isUp: false }): LocalMapping | undefined => LocalMapping.of({ ...base, map: { main } }, codes, turn);

/** Makes an expression one that JSONata itself works out, on a thread. */
const threaded = (source: string): string => `(1; ${source})`;

async function outcome(work: Promise<unknown>): Promise<unknown> {
  try {
    return { gave: await work };
  } catch (error) {
    if (error instanceof MappingFailed) return { code: error.error.code, expression: error.error.expression };
    return { threw: String(error) };
  }
}

/** What a moment is measured by: how much longer than a small list is written and read. */
const MOMENT = 40;
const BESIDE = Array.from({ length: 20_000 }, (_, at) => ({ id: `record ${at}`, at }));

/** Milliseconds of the processor. */
async function cost(work: () => unknown): Promise<number> {
  const begin = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1_000;
}

const zeros = (size: number): number[] => Array.from({ length: size }, () => 0);
const many = (part: string, count: number, by = ', '): string => Array.from({ length: count }, () => part).join(by);

describe('records that are mapped without a thread', () => {
  it('come to what they come to on a thread: resources, errors, filters, keys, parents, unread concepts', async () => {
    const random = new Random(7);
    let mapped = 0;
    const pair = async (): Promise<void> => {
      const [main, other] = [expressionOf(random, 3), expressionOf(random, 2)];
      const body = { ...bodyOf(random), observations: bodyOf(random) };
      const definition = (as: (source: string) => string): Partial<MappingDefinition> => ({
        map: { main: as(main), more: as('{ "o": observations.a, "p": $parent("A"), "r": $ref("main"), "s": $code("some", a) }') },
        when: as(other),
        dependsOn: { A: as('a'), B: as('observations.b') },
        to: { keys: { main: { system: 's', value: as('b') } } },
      });
      const all = (mapping: Mapping): Promise<unknown[]> =>
        Promise.all([mapping.accepts(body), mapping.parentIds(body), mapping.keys(body), mapping.map(body, scope)].map(outcome));
      const given = await all(of(definition((source) => source)));
      expect({ main, other, body, given }).toEqual({ main, other, body, given: await all(of(definition(threaded))) });
      if (JSON.stringify(given[3]).startsWith('{"gave"')) mapped += 1;
    };
    await Promise.all(Array.from({ length: 150 }, pair));
    expect(mapped).toBeGreaterThan(40);
  }, 120_000);

  it('give dates, codes and texts', async () => {
    const each = local('{ "a": a & "x", "d": $dateTime(d, "Asia/Kolkata"), "c": $code("all", list) }');
    const main = { a: 'bx', d: '2026-01-01T05:30:00+05:30', c: ['code', 'other'] };
    const given = await each?.work({ work: 'map' }, { a: 'b', d: '2026-01-01T00:00:00Z', list: ['text', 'none'] });
    expect(given).toEqual({ value: { resources: { main }, unmapped: [] } });
  });

  it.each<[what: string, main: string, body?: unknown]>([
    ['what JSONata has to judge', '$sum(list)'],
    ['a picture, which may match in many ways', '$toMillis(a, b)'],
    ['an error, so that a thread tells it', '$code("some", a)', { a: 'none' }],
    ['a record of many values', '{ "l": list }', { list: zeros(30_000) }],
    ['a record of a long text', '{ "a": a }', { a: 'x'.repeat(400_000) }],
    ['a record of a long name', '{ "a": a }', { ['x'.repeat(400_000)]: 1 }],
    ['a record that is deeply nested', '{ "a": a }', { a: JSON.parse(`${'['.repeat(60)}1${']'.repeat(60)}`) as unknown }],
    ['much made of a record', `[${many('list', 40)}]`, { list: zeros(1_000) }],
    [
      'long names of what nobody read',
      '1',
      { observations: Object.fromEntries([...zeros(400).keys()].map((n) => [`${'x'.repeat(300)}${n}`, 1])) },
    ],
  ])('are none with %s', async (_what, main, body = { a: 'text', b: 'text', list: [1, 2] }) => {
    expect(await local(main)?.work({ work: 'map' }, body)).toBeUndefined();
  });

  it('are none once a turn of the event loop has taken long', async () => {
    const turn = new TurnTime();
    const each = local('a', turn);
    const times = async (count: number): Promise<number> => {
      const begin = performance.now();
      for (let each_ = 0; each_ < count; each_ += 1) if (!(await each?.work({ work: 'map' }, { a: 1 }))) return performance.now() - begin;
      return Number.POSITIVE_INFINITY;
    };
    expect(await times(10_000_000)).toBeGreaterThanOrEqual(50);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await times(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('stop once they are cancelled', async () => {
    await expect(of({ map: { main: 'a' } }).map({ a: 1 }, scope, AbortSignal.abort())).rejects.toBeInstanceOf(Cancelled);
  });

  it.each<[what: string, main: (count: number) => string, body: (size: number) => object]>([
    ['lists put together', (n) => `{ "x": [${many('l', n)}] or 1 }`, (size) => ({ l: zeros(size) })],
    ['lists looked through', (n) => many('l', n, ' or '), (size) => ({ l: zeros(size) })],
    ['texts put together', (n) => `(${many('t', n, ' & ')}) = "x"`, (size) => ({ t: 'x'.repeat(size * 16) })],
    ['texts compared', (n) => many('(t & "a" = t & "b")', n, ' or '), (size) => ({ t: 'x'.repeat(size * 16) })],
    [
      'days of each of a list',
      (n) =>
        `(l.{ ${zeros(n)
          .map((_, m) => `"k${m}": $dateTime("2026-01-01T10:00", "Asia/Kolkata")`)
          .join(', ')} }) or 1`,
      (size) => ({ l: zeros(size) }),
    ],
    ['days in zones that are none', (n) => `[${many('$exists($date("2026-01-01", z))', n)}]`, (size) => ({ z: 'x'.repeat(size) })],
    ['codes of lists', (n) => `[${many('$code("all", l)', n)}] or 1`, (size) => ({ l: zeros(size) })],
    [
      'concepts in groups',
      (n) => many('a', n, ' or '),
      (size) => ({ observations: Object.fromEntries([...zeros(size / 2).keys()].map((n) => [`concept ${n}`, { a: n }])) }),
    ],
  ])('take a moment at most: %s', async (_what, main, body) => {
    for (const count of [1, 10, 100, 400]) {
      const each = local(main(count));
      for (const size of [100, 1_000, 5_000, 9_000]) {
        const record = body(size);
        // A machine may be slow, and busy for a while: what is too long is so each time.
        let long = Number.POSITIVE_INFINITY;
        for (let time = 0; time < 4 && long > MOMENT; time += 1) {
          const beside = await cost(() => JSON.parse(JSON.stringify(BESIDE)));
          long = Math.min(long, (await cost(() => each?.work({ work: 'map' }, record))) / beside);
        }
        expect({ count, size, long: long > MOMENT ? long : 'no' }).toEqual({ count, size, long: 'no' });
      }
    }
  });
});
