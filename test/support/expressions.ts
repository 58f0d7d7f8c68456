import type { Random } from '../../src/simulators/avni/random.js';

/** An expression that may be quick, made by chance. */
export function expressionOf(random: Random, depth: number): string {
  const pick = (list: string[]): string => list[Math.floor(random.next() * list.length)] ?? '';
  const sub = (): string => expressionOf(random, depth - 1);
  const leaf = (): string =>
    random.chance(0.6)
      ? pick(['a', 'b', 'c', 'd.a', 'd.b.c', '`e f`', 'none', 'a.b', 'd', 'list', 'lists', 'd.list'])
      : pick(['1', '-2.5', '"x"', '""', 'null', 'true', 'false', '$']);
  const object = (): string => `${pick(['a', 'list', 'd', 'd.list', 'none', 'lists'])}.{ "r": ${sub()}, "s": $ }`;
  const operation = (): string => `(${sub()} ${pick(['and', 'or', '=', '!=', '&'])} ${sub()})`;
  if (depth === 0) return leaf();
  return random.pick([
    leaf,
    object,
    operation,
    () => `{ "p": ${sub()}, "q": ${sub()} }`,
    () => `[${sub()}, ${sub()}]`,
    () => `[${sub()}]`,
    () => `(${sub()})`,
    () => `(${sub()} ? ${sub()} : ${sub()})`,
    () => `(${sub()} ? ${sub()})`,
    () => `$code("t", ${sub()})`,
    () => `$exists(${sub()})`,
    () => `$string(${sub()})`,
  ])();
}

/** A record for such an expression. */
export function bodyOf(random: Random): Record<string, unknown> {
  const value = (): unknown =>
    [
      undefined,
      null,
      '',
      'text',
      0,
      7,
      1.25,
      true,
      false,
      {},
      { a: 1, b: { c: 'deep' }, list: ['x', 2] },
      [],
      ['only'],
      [1, 'two'],
      [[1], [2, 3]],
      [{ a: 1 }, { b: 2 }],
    ][Math.floor(random.next() * 16)];
  return Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e f', 'list', 'lists'].flatMap((name) => {
      const each = value();
      return each === undefined ? [] : [[name, each]];
    }),
  );
}
