import { expect, it } from '@jest/globals';
import { withinBytes } from '../../src/model/within-bytes.js';
import { Random } from '../../src/simulators/avni/random.js';

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

it('keeps what fits as it is, and of more the first, never more than asked, whatever characters they are of', () => {
  const random = new Random(3);
  for (let n = 0; n < 300; n += 1) {
    const values: Record<string, { count: number; first: string }> = {};
    for (let each = 0; each < random.next() * 40; each += 1) {
      const name = random.pick(['x', 'ಗ', '😀', '"', '\ud83d', '__proto__', ' » ']).repeat(1 + random.next() * 30) + String(each);
      values[name] = { count: each, first: random.pick(['a', 'ü', '\u0000']).repeat(random.next() * 40) };
    }
    const most = 100 + Math.floor(random.next() * 2_000);
    const kept = withinBytes(values, most);
    expect(bytes(kept)).toBeLessThanOrEqual(most);
    if (bytes(values) <= most) expect(kept).toBe(values);
    for (const [name, value] of Object.entries(kept)) expect(values[name]).toBe(value);
    // What is left out did not fit beside what came before it.
    const all = Object.keys(values);
    for (const [place, name] of all.entries()) {
      if (name in kept) continue;
      const before = all.slice(0, place).filter((each) => each in kept);
      const withIt = [...before, name].map((each) => [each, values[each]] as const);
      expect(bytes(Object.fromEntries(withIt)) + 2).toBeGreaterThan(most);
    }
  }
});

it('keeps a name of a prototype as one like any other', () => {
  const values = JSON.parse('{"__proto__": 1, "constructor": 2, "long": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}') as Record<
    string,
    unknown
  >;
  expect(Object.entries(withinBytes(values, 40))).toEqual([
    ['__proto__', 1],
    ['constructor', 2],
  ]);
});
