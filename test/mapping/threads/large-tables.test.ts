import { afterAll, describe, expect, it } from '@jest/globals';
import type { CodeTable } from '../../../src/definition/definition.js';
import type { Mapping, MappingFailed } from '../../../src/mapping/mapping.js';
import { MappingThreads } from '../../../src/mapping/threads/mapping-threads.js';

const threads = new MappingThreads({ entry: new URL('../../../dist/src/mapping/threads/map-thread.js', import.meta.url) });
afterAll(() => threads.close());

const scope = { parent: () => undefined, ref: () => undefined };
const mappingOf = (main: string, codes: Record<string, CodeTable>): Mapping =>
  threads.mapping(
    { dependsOn: {}, parents: {}, map: { main }, concepts: { in: ['observations'], unmapped: 'ignore', ignore: [] }, to: { keys: {} } },
    codes,
  );

function tablesOf(prefix: string, count: number, entries: number): Record<string, CodeTable> {
  const names = Array.from({ length: count }, (_, n) => `${prefix}${n}`);
  const entriesOf = (name: string): Record<string, string> =>
    Object.fromEntries(Array.from({ length: entries }, (_, n) => [`village number ${name}-${n}`, `code-${n}`]));
  return Object.fromEntries(names.map((name) => [name, { name, entries: entriesOf(name) }]));
}

const gives = (main: unknown): object => ({ resources: { main }, unmapped: [] });

describe('code tables on mapping threads', () => {
  const large = tablesOf('t', 12, 150_000);

  it('take no memory where no expression names them', async () => {
    const each = mappingOf('$code("t1", v)', large);
    expect(await each.map({ v: 'village number t1-7' }, scope)).toEqual(gives('code-7'));
  });

  it('are told to be too large where all may be named, and together are', async () => {
    const failure = await mappingOf('$code(t, v)', large)
      .map({ t: 't1', v: 'x' }, scope)
      .catch((error: MappingFailed) => error.error);
    expect(failure).toMatchObject({ code: 'MappingTooLarge', message: expect.stringContaining('code tables') as unknown });
  });

  it('make room for those of other mappings', async () => {
    const mappings = ['a', 'b', 'c', 'd'].map((prefix) => mappingOf('$code(t, v)', tablesOf(prefix, 2, 150_000)));
    for (const [n, each] of [...mappings, ...mappings].entries()) {
      const name = `${'abcd'.charAt(n % 4)}1`;
      expect(await each.map({ t: name, v: `village number ${name}-${n}` }, scope)).toEqual(gives(`code-${n}`));
    }
  });

  it('may be as many as a definition may have', async () => {
    const each = mappingOf('$code(t, v)', tablesOf('m', 1_000, 1));
    expect(await each.map({ t: 'm999', v: 'village number m999-0' }, scope)).toEqual(gives('code-0'));
  });
});
