import { describe, expect, it } from '@jest/globals';
import { readDefinition } from '../../src/definition/read-definition.js';
import { fakeConnectorTypes } from '../support/fake-connector-types.js';
import { env, loadFiles, small } from './support.js';

const many = (count: number, each: (index: number) => string): string => Array.from({ length: count }, (_, index) => each(index)).join('');
const withCodes = (codes: string): string => small.replace('processes:', () => `codes:\n${codes}processes:`);

const files: Record<string, (count: number) => string> = {
  aliases: (count) => withCodes(`  t: { a: &a x${many(count, (index) => `, k${index}: *a`)} }\n`),
  anchors: (count) => withCodes(`  t:\n${many(count, (index) => `    k${index}: &a${index} x\n    l${index}: *a${index}\n`)}`),
  'unknown keys': (count) => small + many(count, (index) => `unknown${index}: 1\n`),
  codes: (count) => withCodes(`  t:\n${many(count, (index) => `    00${index}: 1E${index}\n`)}`),
  'keys that stand twice': (count) => small + many(count, () => 'integration: small\n'),
};

async function read(text: string) {
  const before = process.cpuUsage();
  const result = await readDefinition('x.yaml', text, fakeConnectorTypes, env);
  const { user, system } = process.cpuUsage(before);
  return { ...result, cost: user + system };
}

describe('a large definition', () => {
  it.each(Object.keys(files))('with %s is checked in a time that grows as they do', async (name) => {
    const text = files[name] ?? (() => '');
    await read(text(1_000));
    // The least of two: what else the machine does is not what is measured. As the square it would
    // be 16 times as much.
    const [few, all] = [2_500, 10_000].map((count) => [text(count), text(count)]);
    const costOf = async (texts: string[] = []): Promise<number> => {
      const costs: number[] = [];
      for (const each of texts) costs.push((await read(each)).cost);
      return Math.min(...costs);
    };
    expect((await costOf(all)) / (await costOf(few))).toBeLessThan(9);
  });

  it.each(['unknown keys', 'keys that stand twice'])(
    'with 60,000 %s tells the first of them, and how many more there are',
    async (name) => {
      const { problems } = await read((files[name] ?? String)(60_000));
      expect(problems).toHaveLength(501);
      expect(problems.at(-1)).toMatchObject({ code: 'AndMore', message: expect.stringMatching(/59500|59501/) });
    },
  );

  it('with 60,000 codes has all of them', async () => {
    const { definition } = await read((files['codes'] ?? String)(60_000));
    expect(definition?.codes['t']?.entries['0059999']).toBe('1E59999');
  });

  it.each<[string, string, string[]]>([
    [
      'error types',
      `${small}errorTypes:\n${many(1_001, (i) => `  E${i}: { contains: x, then: retry, remedy: y }\n`)}`,
      ['TooLarge errorTypes'],
    ],
    ['entity types', small + many(1_001, (i) => `      T${i}: {}\n`), ['TooLarge processes']],
    [
      'values over aliases',
      withCodes(`  t: &t {${many(1_000, (i) => `k${i}: x,`)}}\n${many(300, (i) => `  t${i}: *t\n`)}`),
      ['InvalidYaml codes.t199.k800'],
    ],
    ['levels', `a: ${'['.repeat(60_000)}`, ['InvalidYaml a']],
  ])('with too many %s is refused', async (_name, text, found) => {
    const { problems } = await read(text);
    expect([...new Set(problems.map(({ code, path }) => `${code} ${path}`))].slice(0, 1)).toEqual(found);
  });

  it('of more than 2 MiB is refused, and so is a code table of more than 8', async () => {
    const table = `k,v\n${'x'.repeat(8 * 1024 * 1024)},1\n`;
    const { problems } = await loadFiles({
      'a.yaml': `${small}#${'x'.repeat(2 * 1024 * 1024)}\n`,
      'b.yaml': withCodes('  t: { file: codes/t.csv, key: k, value: v }\n'),
      'codes/t.csv': table,
    });
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual(['TooLarge ', 'TooLarge codes.t.file']);
  });
});
