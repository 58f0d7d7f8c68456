import { describe, expect, it } from '@jest/globals';
import jsonata from 'jsonata';
import { compileExpression } from '../../src/mapping/expression.js';
import type { MappingFailed } from '../../src/mapping/mapping.js';
import { Random } from '../../src/simulators/avni/random.js';

/** What an expression of a mapping gives, or the code of the record's error. */
async function given(source: string, body: unknown): Promise<unknown> {
  return compileExpression('map.main', source, {})
    .run(body, {})
    .catch((error: unknown) => (error as MappingFailed).error.code);
}

/** What JSONata alone gives, or that it fails. */
async function byJsonata(source: string, body: unknown): Promise<unknown> {
  return jsonata(source)
    .evaluate(body)
    .then((result: unknown) => (Number.isNaN(result) ? 'MappingFailed' : result))
    .catch(() => 'MappingFailed');
}

describe('a text made a number by an expression', () => {
  it.each([
    '$number(a)',
    'a.$number()',
    'a ~> $number',
    '$number(a) & ""',
    '{ "x": $number(a) }',
    '[a, "1"].$number($)',
    '$map([a], $number)',
    '($n := $number; $n(a))',
    '$parseInteger(a, "0")',
    'a ~> $parseInteger("#,##0")',
    '$sum([1, $number(a)])',
  ])('is an error of the record where digits would be lost: %s', async (source) => {
    for (const a of ['12345678901234567890', '-12345678901234567', '99999999999999999999999', `${'9'.repeat(400)}`])
      expect([a, await given(source, { a })]).toEqual([a, 'NumberTooLong']);
    expect(await given(source, { a: '7' })).not.toBe('NumberTooLong');
  });

  it.each(['0.1234567890123456789', '1e400', '00012345678901234567890', '0xfffffffffffffffff', '0b1' + '0'.repeat(60), '1e-400'])(
    '%s is one of them',
    async (a) => {
      expect(await given('$number(a)', { a })).toBe('NumberTooLong');
    },
  );

  it('never shows the text', async () => {
    const error = await compileExpression('map.main', '$number(a)', {})
      .run({ a: '12345678901234567890' }, {})
      .catch((thrown: unknown) => (thrown as MappingFailed).error);
    expect(error).toMatchObject({ code: 'NumberTooLong', expression: 'map.main' });
    expect(JSON.stringify(error)).not.toContain('1234567');
  });

  it('is what JSONata makes of it in all other cases', async () => {
    const random = new Random(11);
    const sources: [string, ...string[]] = [
      '$number(a)',
      'a.$number()',
      '{ "n": $number(a) }',
      '[a].$number()',
      '$number(none)',
      '$parseInteger(a, "#,##0")',
    ];
    const words: [string, ...string[]] = [
      '0',
      '-0',
      '1.10',
      '007',
      '1e5',
      '-2.5E-3',
      '',
      ' 1',
      '1 ',
      'x',
      '0x1f',
      '0o17',
      '0b11',
      '١٢',
      '+1',
      '.5',
      '5.',
      'NaN',
    ];
    const value = (): unknown =>
      random.pick<unknown>([random.pick(words), String(random.next() * 1e6).slice(0, 12), 7, 1.25, true, false, null, {}, [], ['5']]);
    for (let n = 0; n < 500; n += 1) {
      const [source, body] = [random.pick(sources), { a: value() }];
      expect({ source, body, result: await given(source, body) }).toEqual({ source, body, result: await byJsonata(source, body) });
    }
  });
});

describe('a decimal made a text by an expression', () => {
  const TEXTS = [
    '$string(a)',
    'a & ""',
    '"" & a',
    'a.$string()',
    'a ~> $string',
    '$map([a], $string)',
    '($f := function($x) { $x & "" }; $f(a))',
    '$join([a].$string($))',
    '($s := $string; $s(a))',
    '(a & "") & ""',
    '$replace([a] & "", /[^-0-9.e]/, "")',
    '$split({ "k": a } & "", ":")[1] ~> $replace("}", "")',
  ];

  it.each(TEXTS)('keeps all its digits, so that two never become one: %s', async (source) => {
    const random = new Random(5);
    for (let n = 0; n < 20; n += 1) {
      const a = (random.next() - 0.5) * 10 ** Math.floor(random.next() * 8);
      // The next one there is.
      const [bits] = new BigUint64Array(new Float64Array([a]).buffer);
      const [b = 0] = new Float64Array(new BigUint64Array([(bits ?? 0n) + 1n]).buffer);
      expect([await given(source, { a }), await given(source, { a: b })]).toEqual([String(a), String(b)]);
    }
  });

  it('is what JSONata makes of it in all other cases', async () => {
    const random = new Random(12);
    const value = (): unknown =>
      random.pick<unknown>([1.25, -0.5, 7, 0, 1e21, 'x', '', true, null, [1, [2.5]], [], {}, { k: [0.1, { l: null }] }, ['y']]);
    const sources: [string, ...string[]] = [
      '$string(a)',
      'a & b',
      'a & none',
      '$string(a, true)',
      '$string($sum) & a',
      '$join([a, b].($ & "-"))',
    ];
    for (let n = 0; n < 300; n += 1) {
      const [source, body] = [random.pick(sources), { a: value(), b: value() }];
      expect({ source, body, result: await given(source, body) }).toEqual({ source, body, result: await byJsonata(source, body) });
    }
    for (const source of ['$string(1/0)', '(1/0) & ""', '$string([1/0])']) expect(await given(source, {})).toBe('MappingFailed');
  });
});
