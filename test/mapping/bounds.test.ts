import { describe, expect, it } from '@jest/globals';
import jsonata from 'jsonata';
import { compileExpression } from '../../src/mapping/expression.js';
import type { MappingFailed } from '../../src/mapping/mapping.js';
import { plain } from '../../src/mapping/plain.js';
import { ReadConcepts } from '../../src/mapping/read-concepts.js';

const record = { n: `${'a'.repeat(60)}!`, tags: ['x', 'y'], observations: { Weight: 3, Deep: { a: [1, 2, 3] } } };
const run = (source: string, input: unknown = record): Promise<unknown> => compileExpression('map.main', source, {}).run(input, {});

/** Each takes gigabytes, or no end, without its bound. */
const bombs: [what: string, source: string][] = [
  ['a text padded to any width', '$pad("x", 300000000)'],
  ['a text padded to the left', '$pad("x", -300000000, "ab")'],
  ['a text doubled again and again', '($f := function($n, $s) { $n = 0 ? $s : $f($n - 1, $s & $s) }; $length($f(28, "x")))'],
  ['a text replaced by longer ones', '($s := $pad("x", 100000, "x"); $length($replace($s, "x", $s)))'],
  ['a text replaced by longer ones, by expression', '($s := $pad("x", 100000, "x"); $length($replace($s, /x/, $s)))'],
  ['many texts joined', '($s := $pad("x", 100000); $length($join([1..10000].$s)))'],
  ['few texts joined by a long one', '$length($join([1..10000].$string(), $pad("x", 100000)))'],
  ['a long range', '[1..9999999]'],
  ['a list doubled again and again', '($f := function($n, $l) { $n = 0 ? $l : $f($n - 1, [$l, $l]) }; $count($f(40, [1])))'],
  ['a list appended to itself', '($f := function($n, $l) { $n = 0 ? $l : $f($n - 1, $append($l, $l)) }; $count($f(40, [1])))'],
  ['a list for each of a list', '($l := $split($pad("x", 30000), ""); $count($l.($l)))'],
  ['an object that holds another twice', '($f := function($n, $o) { $n = 0 ? $o : $f($n - 1, { "l": $o, "r": $o }) }; $f(60, {}))'],
  ['a date as wide as one likes', '$fromMillis(0, "[Y,300000000]")'],
  ['calls within calls', '$formatInteger(1e15, "I")'],
  ['a call within a call for ever', '($f := function($n) { 1 + $f($n + 1) }; $f(1))'],
  ['a text padded by a function that is applied in part', '($padded := $pad(?, 300000000); $padded("x"))'],
  ['a copy of long texts', '($t := $pad("x", 100000); $clone({ "a": [1..300].($t) }))'],
  ['bytes of a long text', '$base64encode($pad("x", 200000000))'],
];

describe('the bounds of an evaluation', () => {
  it.each(bombs)('end %s', async (_what, source) => {
    const { error } = await run(source).then(
      (given) => Promise.reject(new Error(`It gave ${typeof given}`)),
      (thrown: unknown) => thrown as MappingFailed,
    );
    expect(error.code).toMatch(/^MappingToo(Long|Large)$/);
    expect(error.expression).toBe('map.main');
  });

  it('end a regular expression that backtracks', async () => {
    expect(await run('{ "m": $match(n, /^(a+)+$/), "c": $contains(n, /(a|a)*$/), "r": $replace(n, /(a*)*b/, "") }')).toEqual({
      c: true,
      r: record.n,
    });
  });

  it.each([
    '$match("ab12cd3", /[a-z]+(\\d+)/)',
    '$match("ab12cd3", /([a-z])(x)?(\\d+)/, 1)',
    '$match("aaa", /^a/)',
    '$match("none", /z/)',
    '$match("AbaB", /ab/i).match',
    '$count($match("one\ntwo\nthree", /^t/m))',
    '$contains("Growth monitoring", /mon(i|o)/)',
    '$contains("नमस्ते 12", /\\d{2}$/)',
    '$replace("John Smith", /(\\w+)\\s(\\w+)/, "$2, $1")',
    '$replace("a1b22", /\\d+/, function($m) { "<" & $m.match & ">" })',
    '$replace("temperature = 68F", /(-?\\d+(?:\\.\\d*)?)F\\b/, function($m) { $string($number($m.groups[0]) - 32) & "C" })',
    '$replace("aaaa", /a/, "b", 2)',
    '$split("a1b22c", /\\d+/)',
    '$split("a, b;c", /[,;]\\s*/, 2)',
    '("2026-11-21" ~> /(\\d+)-(\\d+)/).groups',
    '$filter(["ab", "cd"], /^a/)',
    'tags[$contains(/x/)]',
    '$pad("x", 5, "ab") & "|" & $pad("x", -5) & "|" & $pad("नम", 4, "#")',
    'tags ~> $join("-")',
    '"a" ~> $pad(3)',
    '$distinct([1, 2, 1, {"a": 1}, {"a": 1}])',
    '$join([], "x")',
    '$fromMillis(1510067557121, "[D1o] [MNn] [Y0001] at [h]:[m01] [P]", "+0530")',
    '$toMillis("23rd of November 2026", "[D1o] of [MNn] [Y]")',
    '$toMillis("2026-11-21T10:00:00.000Z")',
    '$map(tags, function($t) { $t & "!" })',
    '$sort([3, 1, 2])',
    '$map(tags, $pad(?, 3, "-"))',
    '$pad("", 400, "long") & $pad("", -3, "")',
    '$clone(observations) ~> |$|{ "Height": 1 }, "Weight"|',
    '($copy := $clone(?); $copy({ "a": [tags, 1.5, null] }))',
    '($joined := $join(?, ","); $joined(tags))',
    '($millis := $toMillis(?, "[Y0001]-[M01]-[D01]"); $millis("2026-11-21"))',
    '($year := $fromMillis(?, "[Y0001]"); $year(0))',
    '($once := $distinct(?); $once([1, 1]))',
    '$fromMillis(1510067557121, "[MNn] [D1], [Y0001]")',
    '$fromMillis(1510067557121, "[FNn,3-3], [D1] [MNn,3-3] [Y0001] [H01]:[m01]:[s01] [Z]")',
    '$contains("a.b", /a[.]b\\./)',
    '$contains("[ ]", /\\[\\s\\]/)',
  ])('change nothing of %s', async (source) => {
    const alone = plain(await jsonata(source).evaluate(record));
    expect({ given: await run(source) }).toEqual({ given: alone });
  });

  it('refuse a match of nothing, as JSONata does', async () => {
    const code = await jsonata('$match("abc", /x*/)')
      .evaluate({})
      .catch((error: { code: string }) => error.code);
    await expect(run('$match("abc", /x*/)')).rejects.toMatchObject({ error: { message: expect.stringContaining(code) } });
  });

  it('read no concepts that the expression does not', async () => {
    const concepts = new ReadConcepts(record, ['observations']);
    await run('$map([1..3], function($i) { $$ }) ~> $count()', concepts.watched);
    await run('($o := observations; { "kg": $o.Weight + 0 })', concepts.watched);
    expect(concepts.unread()).toEqual(['Deep']);
  });
});
