import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { connectorTypes } from '../../src/connectors/all.js';
import { readDefinition } from '../../src/definition/read-definition.js';
import { mutationsOf, type Mutation } from './mutate.js';
import { env } from './support.js';

/** Numbers in [0, 1), the same ones every time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** As many of each kind, none twice; an expression is cut in several places. */
function pick(definition: unknown, count: number): Mutation[] {
  const random = seeded(20261124);
  const kinds = Object.values(mutationsOf(definition)).map((offered) => shuffled(offered, random));
  return Array.from({ length: count }, (_, index) => {
    const kind = kinds[index % kinds.length] ?? [];
    const make = kind[Math.floor(index / kinds.length) % kind.length];
    if (!make) throw new Error('A kind of edit has no place in the definition');
    return make(random);
  });
}

function shuffled<T>(items: T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

const file = 'integrations/clinic.yaml';

describe('single edits of clinic.yaml', () => {
  it('are refused at the right path, or leave a valid definition where they may', async () => {
    const definition: unknown = parse(await readFile(file, 'utf8'));
    const wrong: unknown[] = [];
    const counts = { refused: 0, valid: 0 };
    for (const { kind, path, value, expected, mayStayValid } of pick(definition, 200)) {
      const text = stringify(value);
      const read = await readDefinition(file, text, connectorTypes, env);
      counts[read.definition ? 'valid' : 'refused'] += 1;
      const paths = read.problems.map((problem) => problem.path);
      const misplaced = read.problems.filter(({ line, column }) => line < 1 || column < 1 || line > text.split('\n').length);
      const right = read.problems.length === 0 ? mayStayValid && read.definition !== undefined : paths.every(expected);
      if (!right || misplaced.length > 0)
        wrong.push({ kind, path, problems: read.problems.map((each) => `${each.path}: ${each.message}`) });
    }
    expect(wrong).toEqual([]);
    expect(counts.refused + counts.valid).toBe(200);
    expect(counts.refused).toBeGreaterThan(150);
  }, 150_000);
});
