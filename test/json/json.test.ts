import { describe, expect, it } from '@jest/globals';
import { ExactNumber, isNumberText, sameNumber } from '../../src/json/exact-number.js';
import { readJson, readJsonForExpressions, writeJson } from '../../src/json/json.js';
import { TooManyValues } from '../../src/json/cost-of-reading.js';

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

  it('reads no more numbers with care than take about a second, and ends before', () => {
    const text = (count: number, number: string): string => `[${Array.from({ length: count }, () => number).join(',')}]`;
    for (const read of [readJson, readJsonForExpressions]) {
      expect(read(text(50_000, '12345678901234567890'))).toHaveLength(50_000);
      expect(() => read(text(250_000, '12345678901234567890'))).toThrow(TooManyValues);
    }
    expect(() => readJson(text(250_000, '1.10'))).toThrow(TooManyValues);
    expect(readJson(text(300_000, '7'))).toHaveLength(300_000);
  });

  /** Of 64 MiB of each, `JSON.parse` takes seconds to a minute, and up to 4 GB. */
  it.each<[string, (n: number) => string]>([
    ['empty objects', (n) => `[${'{},'.repeat(n)}0]`],
    ['empty lists', (n) => `[${'[],'.repeat(n)}0]`],
    ['lists in lists', (n) => '['.repeat(n) + ']'.repeat(n)],
    ['objects in objects', (n) => `${'{"a":'.repeat(n)}0${'}'.repeat(n)}`],
    ['short texts', (n) => `[${'"",'.repeat(n)}0]`],
    ['names', (n) => `{${Array.from({ length: n }, (_, at) => `"k${at}":""`).join(',')}}`],
    ['objects of a name each', (n) => `[${Array.from({ length: n }, (_, at) => `{"k${at}":""}`).join(',')}]`],
  ])('reads no more %s than take about a second, and ends before it makes any', (_what, text) => {
    for (const read of [readJson, readJsonForExpressions]) {
      expect(() => read(text(100_000))).not.toThrow();
      const long = text(2_100_000);
      const before = process.memoryUsage().heapUsed;
      expect(() => read(long)).toThrow(TooManyValues);
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
    }
  });

  it('counts nothing of what stands in a text', () => {
    const text = JSON.stringify('{"a":[,'.repeat(2_000_000));
    for (const read of [readJson, readJsonForExpressions]) expect(read(text)).toHaveLength(14_000_000);
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

  it.each(['{12345678901234567890:1}', '{"a":1,12345678901234567890 \n:1}'])('refuses the number as a name in %j', (text) => {
    expect(() => readJson(text)).toThrow(SyntaxError);
    expect(() => readJsonForExpressions(text)).toThrow(SyntaxError);
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
    const work = (): void => {
      for (const text of texts) {
        readJson(text);
        sameNumber(new ExactNumber('1.10'), text.startsWith('"') ? 1 : new ExactNumber(text));
      }
    };
    expect(cpuOf(work)).toBeLessThan(3_000);
  });
});

describe('JSON of any size and depth', () => {
  const READERS = [readJson, readJsonForExpressions];

  it.each(READERS)('takes an exponent of 20 MB, %p', (read) => {
    const text = `{"a":1e-${'9'.repeat(20e6)}}`;
    const plain = cpuOf(() => JSON.parse(text));
    expect(cpuOf(() => read(text))).toBeLessThan(20 * plain + 1_000);
  });

  it.each(['1.10', '-1', '1e-5', '01', '1.', '.5', '1e', '+1', ' 1', '1 ', '1a', '"1"'])(
    'knows a number of many digits as one of few, %j',
    (few) => {
      const many = few.replace(/1(?=[^1]*$)|5/, (digit) => digit + '1'.repeat(few === '1e-5' ? 20e6 : 1e5));
      expect(isNumberText(many)).toBe(isNumberText(few));
    },
  );

  it('compares numbers of many digits by their texts', () => {
    const long = new ExactNumber(`1e-${'9'.repeat(1e6)}`);
    expect(cpuOf(() => sameNumber(long, new ExactNumber('1.10')))).toBeLessThan(500);
    expect(sameNumber(long, new ExactNumber(long.text))).toBe(true);
    expect(sameNumber(long, 0)).toBe(false);
    expect(sameNumber(new ExactNumber('1e1234567'), new ExactNumber('10e1234566'))).toBe(false);
  });

  it.each(READERS)('reads what is 100,000 deep beside numbers of all kinds, %p', (read) => {
    const text = `{"n":[65.0,12345678901234567890],"deep":${'[{"a":'.repeat(50_000)}1.10${'}]'.repeat(50_000)}}`;
    let value = (read(text) as { deep: unknown }).deep;
    for (let depth = 0; depth < 50_000; depth += 1) value = (value as { a: unknown }[])[0]?.a;
    expect(Number(value instanceof ExactNumber ? value.text : value)).toBe(1.1);
  });

  it('reads a page with numbers such as 65.0 about as quickly as JSON.parse', () => {
    const observations = Array.from({ length: 25 }, (_, n) => `"Concept number ${String(n)}":"${'v'.repeat(20)}"`).join();
    const row = `{"ID":"x","Voided":false,"observations":{${observations},"Weight":65.0,"Height":1.10}}`;
    const page = `{"content":[${Array(200).fill(row).join()}]}`;
    const time = (read: (text: string) => unknown): number => cpuOf(() => Array.from({ length: 20 }, () => read(page)));
    // In turns, so that a busy machine slows both.
    const ratios = Array.from({ length: 10 }, () => time(readJsonForExpressions) / time(JSON.parse));
    expect(Math.min(...ratios)).toBeLessThan(4);
  });

  it('takes no text for a number, and nothing for JSON that is none', () => {
    const tokens = [
      '1.10',
      '-0',
      '12345678901234567890',
      '"a"',
      '"\\\\"',
      '"\\""',
      '[',
      ']',
      '{',
      '}',
      ':',
      ',',
      ' ',
      'null',
      'e',
      '-',
      '"1.10"',
    ];
    let seed = 1;
    const any = (): string => tokens[(seed = (seed * 48_271) % 2_147_483_647) % tokens.length] ?? '';
    for (let n = 0; n < 30_000; n += 1) {
      const text = Array.from({ length: 1 + (n % 7) }, any).join('');
      const whole = n % 2 === 0 ? text : `{"a":${text}}`;
      const expected = outcome(() => JSON.stringify(JSON.parse(whole)));
      expect([whole, outcome(() => nearly(readJson(whole)))]).toEqual([whole, expected]);
      expect([whole, outcome(() => JSON.stringify(readJsonForExpressions(whole))) === undefined]).toEqual([whole, expected === undefined]);
    }
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

/** Milliseconds of processor time. */
function cpuOf(work: () => unknown): number {
  const begin = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1_000;
}

function outcome(work: () => string): string | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** As JSON.parse would have read it. */
function nearly(value: unknown): string {
  return JSON.stringify(JSON.parse(writeJson(value)));
}
