import { describe, expect, it } from '@jest/globals';
import { Random } from '../../src/simulators/avni/random.js';
import { check, edited } from './support.js';

const inVisit = async (expression: string) =>
  check(edited('"resourceType": "Encounter",', `"resourceType": "Encounter", "x": (${expression}),`));

describe('a number that is written out in an expression', () => {
  it.each([
    '12345678901234567890',
    '-12345678901234567890',
    '1234567890123456',
    '0.1234567890123456789',
    '1.00000000000000000001e3',
    '3 - 12345678901234567890',
    'a[n = 12345678901234567890]',
    '[1, {"a": 9007199254740993}]',
    '$sum([1, 12345678901234567890])',
    '($e9 := 2; $e9-12345678901234567890)',
  ])('is refused where JSONata would round it: %s', async (expression) => {
    const { found, problems } = await inVisit(expression);
    expect(found).toEqual(['NumberTooLong processes.one.entityTypes.Visit.map.visit']);
    expect(problems[0]?.message).not.toMatch(/\d/);
  });

  it.each(['1', '0.1', '-2.50', '999999999999999', '1e20', '1.10', '100.000', '[1..5]', 'a[-1]', '"12345678901234567890"', '5e-3 - 1e-3'])(
    'is valid where it is held: %s',
    async (expression) => {
      expect((await inVisit(expression)).found).toEqual([]);
    },
  );

  it('is pointed at where it begins', async () => {
    const source = edited('\'{ "resourceType": "Patient" }\'', '|\n          { "a": 1,\n            "b": 7 + 12345678901234567890 }');
    const { problems } = await check(source);
    expect(problems).toMatchObject([{ code: 'NumberTooLong', line: 14, column: 22 }]);
    expect(source.split('\n')[13]?.slice(21)).toBe('12345678901234567890 }');
  });

  it('is judged by its digits, whatever stands around it', async () => {
    const random = new Random(7);
    const digit = (): string => String(Math.floor(random.next() * 10));
    for (let n = 0; n < 60; n += 1) {
      const whole = `${1 + Math.floor(random.next() * 9)}${Array.from({ length: Math.floor(random.next() * 20) }, digit).join('')}`;
      const around = random.pick(['$a1e-#', '[1..2, #]', '1.5e3-#', 'a.b[#]', '{"k": #}', '2*#+1', '-#']).replace('#', () => whole);
      const isLong = whole.length > 15;
      expect([around, (await inVisit(`$a1e := 1; ${around}`)).found.length]).toEqual([around, isLong ? 1 : 0]);
    }
  });

  it('is checked in a time that grows as the numbers do', async () => {
    const timeOf = async (count: number): Promise<number> => {
      const began = performance.now();
      await inVisit(`[${Array.from({ length: count }, () => '1e5+2.5').join(', ')}]`);
      return performance.now() - began;
    };
    await timeOf(500);
    expect(await timeOf(20_000)).toBeLessThan(20_000);
  });
});
