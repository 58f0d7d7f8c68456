/** Values that no field of a record is meant to have, by name; made anew each time. */
export function oddValues(): [name: string, value: unknown][] {
  return [
    ['null', null],
    ['a list', []],
    ['a list of lists', [[null], [{}]]],
    ['an object', {}],
    ['a truth', true],
    ['a number beyond counting', 1e308],
    ['nothing but a space', ' '],
    ['an empty text', ''],
    ['a text of 300,000 characters', 'x'.repeat(300_000)],
    ['control characters', 'a\u0000b\u001b]0;x\u0007\r\nc'],
    ['marks of direction', '\u202eabc\u2066'],
    ['half of an emoji', 'a\ud83d'],
    ['the other half', '\ude00b'],
    ['the name of a place', '@2026-01-01T00:00:00.000Z#0'],
    ['nested deep', nested(3_000)],
    ['names of prototypes', JSON.parse('{"__proto__": {"count": 1}, "constructor": {"prototype": {"count": 1}}, "toString": "x"}')],
  ];
}

function nested(depth: number): unknown {
  let value: unknown = 'x';
  for (let n = 0; n < depth; n += 1) value = n % 2 === 0 ? [value] : { value };
  return value;
}
