import { afterAll, describe, expect, it } from '@jest/globals';
import type { CodeTable } from '../../../src/definition/definition.js';
import { Cancelled } from '../../../src/errors/system-failure.js';
import type { Mapping, MappingDefinition, MappingFailed } from '../../../src/mapping/mapping.js';
import { MappingThreads } from '../../../src/mapping/threads/mapping-threads.js';

/**
 * What a worker's threads run; a shorter deadline than theirs, so that this does not take minutes.
 */
const entry = new URL('../../../dist/src/mapping/threads/map-thread.js', import.meta.url);
const threads = new MappingThreads({ entry, deadline: 1_500 });
afterAll(() => threads.close());

const base: MappingDefinition = {
  dependsOn: {},
  parents: {},
  map: { main: '{}' },
  concepts: { in: ['observations'], unmapped: 'report', ignore: [] },
  to: { keys: {} },
};
const scope = {
  parent: (entityType: string, name?: string) => (entityType === 'None' ? undefined : { reference: `${entityType}/${name ?? 'main'}` }),
  ref: (name: string) => ({ reference: `#${name}` }),
};
const mappingOf = (changes: Partial<MappingDefinition>, codes: Record<string, CodeTable> = {}): Mapping =>
  threads.mapping({ ...base, ...changes }, codes);
const mapping = (main: string): Mapping => mappingOf({ map: { main } });
/** The same expression, as one that is never worked out without a thread. */
const threaded = (main: string): string => `(1; ${main})`;
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    (given) => `gave ${JSON.stringify(given)?.slice(0, 80)}`,
    (error: unknown) => (error as MappingFailed).error?.code ?? String(error),
  );

/** Works beside: how long others of this process waited at most, in milliseconds. */
async function longestBlock(work: Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const ticker = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 10);
  await work;
  clearInterval(ticker);
  return longest;
}

const numbers = Array.from({ length: 80_000 }, (_, n) => (n * 7919) % 80_000);

/** Each held or killed a worker that ran it in its own thread. */
const BOMBS: [what: string, main: string, body?: object][] = [
  ['a list of 80,000 numbers sorted', '$sort(numbers)', { numbers }],
  ['a list sorted again and again', '($a := [1..5000]; [1..100].($sort($a); 1))'],
  ['a number read by a picture of 400,000 characters', '$parseInteger("1", $pad("", 400000, "#,") & "0")'],
  ['a number written by one', '$formatInteger(123456789, $pad("", 400000, "#,") & "0")'],
  ['an expression evaluated by another', '$eval("($f := function($n) { $f($n + 1) }; $f(1))")'],
  ['a call within a call for ever', '($f := function($n) { 1 + $f($n + 1) }; $f(1))'],
  ['a call for ever', '($f := function($n) { $f($n + 1) }; $f(1))'],
  ['a text doubled again and again', '($f := function($n, $s) { $n = 0 ? $s : $f($n - 1, $s & $s) }; $length($f(28, "x")))'],
  ['a text that is too long for the worker', '$join([1..40].$pad("x", 900000))'],
  ['an object that holds another twice', '($f := function($n, $o) { $n = 0 ? $o : $f($n - 1, { "l": $o, "r": $o }) }; $f(60, {}))'],
  ['a text padded by two letters', '$pad("", 15000000, "ab")'],
  ['a text padded by a long one', '$pad("", 900000, $pad("", 900000, "x"))'],
  ['a copy of long texts', '($t := $pad("", 999999, "x"); $clone({ "a": [1..140].($t) }))'],
  ['long texts transformed', '($t := $pad("", 999999, "x"); { "a": [1..150].($t) } ~> |$|{ "b": 1 }|)'],
  ['a list of which each is compared with each', '$count($distinct([1..90000]))'],
  [
    'lists kept until memory ends',
    '($keep := function($n, $l) { $n = 0 ? $l : $keep($n - 1, [[1..90000], [$l]]) }; $count($keep(500, [])))',
  ],
];

describe('mappings on threads', () => {
  it('map as in one thread: parents, resources, codes, filters, keys, unread concepts', async () => {
    const codes = { gender: { name: 'gender', entries: { Female: 'female' } } };
    const each = mappingOf(
      {
        dependsOn: { A: 'a', B: 'b' },
        when: 'a != "no"',
        map: {
          main: '{ "p": $parent("A"), "q": $parent("A", "x"), "n": $parent("None"), "r": $ref("more"), "g": $code("gender", observations.G) }',
          more: threaded('observations.Weight'),
        },
        to: { keys: { main: { system: 's', value: 'a' } } },
      },
      codes,
    );
    const body = { a: 'one', b: '', observations: { G: 'Female', Weight: 7.5, Odd: 1, __proto__: 2 } };
    expect(await each.parentIds(body)).toEqual({ A: 'one', B: undefined });
    expect(await each.accepts(body)).toBe(true);
    expect(await each.accepts({ a: 'no' })).toBe(false);
    expect(await each.keys(body)).toEqual({ main: { system: 's', value: 'one' } });
    expect(await each.map(body, scope)).toEqual({
      resources: {
        main: { p: { reference: 'A/main' }, q: { reference: 'A/x' }, r: { reference: '#more' }, g: 'female' },
        more: 7.5,
      },
      unmapped: ['Odd'],
    });
    expect(await codeOf(each.map({ observations: { G: 'None' } }, scope))).toBe('CodeMissing');
  });

  it.each(BOMBS)('make an error of the record alone: %s', async (_what, main, body = {}) => {
    const beside = mapping(threaded('{ "n": n }'));
    const bad = mappingOf({ map: { main: `bad ? (${main}) : { "n": n }` } });
    const page = Array.from({ length: 60 }, (_, n) => ({ n, ...(n === 17 ? { bad: true, ...body } : {}) }));
    const others: number[] = [];
    let isDone = false;
    const work = Promise.all(page.map((record) => bad.map(record, scope).catch((error: MappingFailed) => error.error.code)));
    const otherProcess = async (): Promise<void> => {
      while (!isDone) {
        const begin = performance.now();
        await beside.map({ n: 1 }, scope);
        others.push(performance.now() - begin);
      }
    };
    const turning = otherProcess();
    const block = await longestBlock(work.finally(() => (isDone = true)));
    await turning;
    const results = await work;
    expect(results[17]).toMatch(/^MappingToo(Long|Large)$/);
    results.forEach((result, n) => expect(n === 17 || result).toEqual(n === 17 || { resources: { main: { n } }, unmapped: [] }));
    expect(block).toBeLessThan(1_000);
    expect(Math.max(...others)).toBeLessThan(2_500);
  });

  it.each(['accepts', 'parentIds', 'keys'] as const)('end what does not end in the expressions of %s too', async (work) => {
    const endless = '($f := function($n) { $f($n + 1) }; $f(1))';
    const each = mappingOf({ when: endless, dependsOn: { A: endless }, to: { keys: { main: { value: endless } } } });
    expect(await codeOf(each[work]({}))).toBe('MappingTooLong');
  });

  it('give up at once what is cancelled, and go on with the rest', async () => {
    const cancelling = new AbortController();
    const stuck = mapping('($f := function($n) { $f($n + 1) }; $f(1))').map({}, scope, cancelling.signal);
    setTimeout(() => cancelling.abort(), 100);
    const begin = performance.now();
    await expect(stuck).rejects.toBeInstanceOf(Cancelled);
    expect(performance.now() - begin).toBeLessThan(3_000);
    expect(await mapping(threaded('n')).map({ n: 1 }, scope)).toEqual({ resources: { main: 1 }, unmapped: [] });
  });

  it('say of a record that is nested too deeply that it is', async () => {
    let deep: unknown = 'x';
    for (let n = 0; n < 100_000; n += 1) deep = [deep];
    expect(await codeOf(mapping('deep').map({ deep }, scope))).toBe('MappingTooLong');
  });

  it('let no record answer for what another still does beside its error', async () => {
    const each = mapping(
      '{ "a": bad ? $error("x") : 1, "b": ($q := $map([1..20], function($v) { $v }); $parseInteger("1", $pad("", digits, "#,") & "0")) }',
    );
    const page = [{ bad: true, digits: 400_000 }, { digits: 1 }, { digits: 2 }];
    const codes = await Promise.all(page.map((body) => codeOf(each.map(body, scope))));
    expect(codes).toEqual(['MappingTooLong', expect.stringMatching(/^gave/), expect.stringMatching(/^gave/)]);
  });

  it('blame no record for a defect of ours', async () => {
    const broken = new MappingThreads({
      entry: new URL('data:text/javascript,export default (task) => { Atomics.store(task.inHand, 0, 1); throw new TypeError("ours"); }'),
    });
    try {
      const given = await Promise.allSettled(
        [1, 2].map((n) => broken.mapping({ ...base, map: { main: threaded('{}') } }, {}).map({ n }, scope)),
      );
      for (const each of given) expect(each).toMatchObject({ reason: { name: 'Error', cause: { message: 'ours' } } });
    } finally {
      await broken.close();
    }
  });

  it('cancel what is in hand, and what comes after, once they are closed', async () => {
    const closing = new MappingThreads({ entry });
    const each = closing.mapping({ ...base, map: { main: 'stuck ? ($f := function($n) { $f($n + 1) }; $f(1)) : 1' } }, {});
    await each.map({}, scope);
    const stuck = [each.map({ stuck: true }, scope), each.map({}, scope)].map((work) => expect(work).rejects.toBeInstanceOf(Cancelled));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await closing.close();
    await Promise.all(stuck);
    await expect(each.map({}, scope)).rejects.toBeInstanceOf(Cancelled);
  });

  it('let honest records that take 0.4 s pass those of two types that hang', async () => {
    const busy = new MappingThreads({ entry });
    const stopping = new AbortController();
    const picture = '$parseInteger("1", $pad("", n, "#,") & "0")';
    const of = (main: string): Mapping => busy.mapping({ ...base, map: { main } }, {});
    const each = of(picture);
    const timed = async (n: number): Promise<number> => {
      const begin = performance.now();
      await each.map({ n }, scope);
      return performance.now() - begin;
    };
    try {
      await timed(1);
      // It takes the square of it. The least of some tries: the machine may be busy.
      const honest = 8_000 * Math.sqrt(400 / Math.min(await timed(8_000), await timed(8_000), await timed(8_000)));
      const hanging = [1, 2]
        .map((type) => of(`${picture} + ${type}`))
        .flatMap((type) => Array.from({ length: 6 }, () => type.map({ n: 400_000 }, scope, stopping.signal)));
      let ended = 0;
      const all = Promise.allSettled(hanging.map((each) => each.finally(() => (ended += 1))));
      const waitedFor: number[] = [];
      for (let count = 0; count < 4; count += 1) {
        const before = ended;
        await each.map({ n: honest }, scope);
        waitedFor.push(ended - before);
      }
      stopping.abort();
      await all;
      // At most for those that were in hand as it came: one a thread.
      expect(Math.max(...waitedFor)).toBeLessThanOrEqual(2);
      expect(ended).toBe(hanging.length);
    } finally {
      await busy.close();
    }
  });
});
