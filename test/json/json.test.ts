import { describe, expect, it } from '@jest/globals';
import { ExactNumber, sameNumber } from '../../src/json/exact-number.js';
import { readJson, readJsonForExpressions, writeJson } from '../../src/json/json.js';

/** Numbers that JavaScript would write otherwise than they stand. */
const LOSSY = [
  '12345678901234567890',
  '-12345678901234567890',
  '12345678901234567168',
  '9007199254740993',
  '0.1234567890123456789',
  '1.10',
  '37.0',
  '-0.0',
  '1e400',
  '-1E-400',
  '1e5',
  '100000000000000000000.5',
];
const KEPT = ['0', '-1', '1.1', '4111111111111111', '22.857142857142858', '0.001', '123456789012345', '1e+21', '12345678901234567000'];

/** Texts in which such numbers stand, and what looks like one. */
const around = (number: string): string[] => [
  number,
  ` ${number}\n`,
  `[${number}]`,
  `[1,${number},2]`,
  `{"a":{"b" : ${number} }}`,
  `{"a":"${number}","b":[[${number}]]}`,
  `{"a":"x:${number},","\\"":${number}}`,
];

describe('JSON without loss', () => {
  it.each([...LOSSY, ...KEPT].flatMap(around))('writes %s as it was read', (text) => {
    expect(writeJson(readJson(text)).replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });

  it('reads what loses nothing as JSON.parse does', () => {
    const texts = [
      'null',
      '"1.10"',
      '{"at":"2024-01-01T10:00:00.000Z","n":[1.5,-2,0]}',
      '{"a":1,"a":2}',
      '"a:1.10,b"',
      '[]',
      `[${KEPT.join()}]`,
    ];
    for (const text of texts) expect(readJson(text)).toEqual(JSON.parse(text));
    // Also where one number makes the whole be read with care.
    for (const text of texts) expect(readJson(`[1.10,${text}]`)).toEqual([new ExactNumber('1.10'), JSON.parse(text)]);
  });

  it.each(['', '{', '[1.10', '[01.10]', '[1.10,]', '{a:1.10}', '[1.10] x', '.10', '[1.10e]', '["\u0001",1.10]'])('refuses %j', (text) => {
    expect(() => readJson(text)).toThrow();
    expect(() => readJsonForExpressions(text)).toThrow();
  });

  it.each(['{"__proto__":{"x":1}}', '{"__proto__":{"x":1},"n":1.10}'])('keeps %s a member like any other', (text) => {
    const value = readJson(text) as Record<string, unknown>;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(value['x']).toBeUndefined();
    expect(writeJson(value)).toBe(text);
  });

  it('reads what is nested deeper than a call can follow, with each of its numbers', () => {
    const deep = `${'['.repeat(20_000)}1.10${']'.repeat(20_000)}`;
    for (const read of [readJson, readJsonForExpressions]) {
      const [first, ...others] = read(`[${deep},12345678901234567890,{"__proto__":2,"a\\"1.10":"1.10","b":-1.5e3}]`) as unknown[];
      const card = read === readJson ? new ExactNumber('12345678901234567890') : '12345678901234567890';
      expect(others[0]).toEqual(card);
      expect(Object.entries(others[1] as object).slice(0, 2)).toEqual([
        ['__proto__', 2],
        ['a"1.10', '1.10'],
      ]);
      let inner = first;
      while (Array.isArray(inner)) inner = inner[0] as unknown;
      expect(inner).toEqual(read === readJson ? new ExactNumber('1.10') : 1.1);
    }
    expect(() => readJson(`[${deep},01.10]`)).toThrow(SyntaxError);
  });

  it('leaves exact numbers as texts to whoever writes JSON otherwise, and texts alone', () => {
    const value = { n: new ExactNumber('1.10') };
    expect(writeJson(value)).toBe('{"n":1.10}');
    expect(JSON.stringify(value)).toBe('{"n":"1.10"}');
    expect(writeJson({ text: JSON.stringify(value) })).toBe('{"text":"{\\"n\\":\\"1.10\\"}"}');
  });

  it('takes no time for what is long and nearly a number', () => {
    const texts = [
      '1'.repeat(1e6),
      `1.${'0'.repeat(1e6)}`,
      `"${':1.0'.repeat(3e5)}"`,
      `"${': '.repeat(5e5)}"`,
      `"${'\\n'.repeat(5e5)}1.10"`,
    ];
    const begin = performance.now();
    for (const text of texts) {
      readJson(text);
      sameNumber(new ExactNumber('1.10'), text.startsWith('"') ? 1 : new ExactNumber(text));
    }
    expect(performance.now() - begin).toBeLessThan(3_000);
  });
});

describe('numbers for expressions', () => {
  it.each([
    ['1.10', 1.1],
    ['37.0', 37],
    ['1e5', 100_000],
    ['22.857142857142858', 22.857142857142858],
    ['123456789012345', 123_456_789_012_345],
    ['4111111111111111', '4111111111111111'],
    ['12345678901234567890', '12345678901234567890'],
    ['-123456789012345678', '-123456789012345678'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['1e400', '1e400'],
  ])('gives %s as %j', (text, value) => {
    expect(readJsonForExpressions(`{"n":[${text}]}`)).toEqual({ n: [value] });
  });

  it('makes no two of one', () => {
    const near = Array.from({ length: 2_000 }, (_, n) => String(9_007_199_254_740_000n + BigInt(n)));
    const read = readJsonForExpressions(`[${near.join()}]`) as unknown[];
    expect(new Set(read).size).toBe(near.length);
  });
});

describe('comparing numbers by value', () => {
  const exact = (text: string): ExactNumber => new ExactNumber(text);
  it.each([
    [exact('1.10'), 1.1, true],
    [exact('1.10'), exact('1.1000'), true],
    [exact('11e-1'), exact('1.10'), true],
    [exact('0.00'), 0, true],
    [exact('-0.0'), 0, true],
    [exact('1e400'), exact('10e399'), true],
    [exact('1e400'), exact('1e401'), false],
    [exact('-1.10'), 1.1, false],
    [exact('12345678901234567890'), 12_345_678_901_234_567_000, false],
    [exact('12345678901234567890'), exact('12345678901234567891'), false],
    [exact('100'), exact('1'), false],
  ])('%o and %o: %s', (a, b, same) => {
    expect(sameNumber(a, b)).toBe(same);
    expect(sameNumber(b, a)).toBe(same);
  });
});
