import { describe, expect, it } from '@jest/globals';
import type { Bookmark } from '../../../../src/connectors/connector.js';
import type { FhirBehaviour } from '../../../../src/simulators/fhir/behaviour.js';
import { c, iso, read, readRestarting, T, world, type World } from './source-world.js';

const servers: [string, Partial<FhirBehaviour>][] = [
  ['sorts and counts', {}],
  ['sorts, and does not count', { totals: false }],
  ['sorts, and names no pages', { links: false }],
  ['keeps searches, as HAPI', { nextLinks: 'opaque', totals: false, maxCount: 13 }],
  ['does not sort', { sorts: false }],
  ['does not sort, nor count', { sorts: false, totals: false }],
];

/** So many patients, given their stamps by a rule. */
function patients({ put }: World, count: number, stamp: (n: number) => number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const id = `p${String(n).padStart(5, '0')}`;
    put(id, stamp(n));
    return id;
  });
}

describe.each(servers)('a server that %s', (_name, behaviour) => {
  it.each([
    ['all of one stamp', () => T],
    ['each of its own', (n: number) => T + n],
    ['some alike', (n: number) => T + Math.floor(n / 30) * 100],
  ])('passes over none that stays, though others, %s, are changed at every request', async (_stamps, stamp) => {
    const one = await world(behaviour);
    const all = patients(one, 300, stamp);
    const changed = new Set<string>();
    let n = 0;
    // At the head of the list, so that all behind it move up by one.
    one.simulator.watchers.push(({ query }) => {
      const id = all[n];
      if ((query.has('_count') || query.has('_getpages')) && n < 40 && id !== undefined) {
        n += 1;
        changed.add(id);
        one.put(id, T + 500_000 + n);
      }
    });
    const { ids } = await read(one.source(), { limit: 20 });
    expect(n).toBeGreaterThan(3);
    for (const id of all) if (!changed.has(id)) expect(ids).toContain(id);
    const later = await read(one.source(), { after: { v: 1, at: iso(T + 100_000) }, until: T + 600_000 });
    expect(new Set([...ids, ...later.ids])).toEqual(new Set(all));
  });
});

describe('many records of one stamp', () => {
  it.each([
    ['a server that sorts', {}],
    ['one that does not, and caps', { sorts: false, maxCount: 1_000 }],
    ['one of whole seconds, without totals', { stamps: 's' as const, totals: false }],
  ])('come once each from %s, also restarted inside, and the bookmark stays small', async (_name, behaviour) => {
    const one = await world(behaviour);
    const all = patients(one, 5_500, (n) => (n < 5_300 ? T : T + 5_000));
    const { ids, bookmarks } = await readRestarting(() => one.source(), { limit: 1_000 });
    expect(ids).toHaveLength(all.length);
    expect(new Set(ids)).toEqual(new Set(all));
    expect(Math.max(...bookmarks.map((each) => JSON.stringify(each).length))).toBeLessThan(150);
  });

  it('goes on by itself where a search that was kept is forgotten', async () => {
    const one = await world({ nextLinks: 'opaque', maxCount: 20 });
    const all = patients(one, 200, (n) => T + Math.floor(n / 50));
    const { behaviour } = one.simulator;
    const { ids } = await read(one.source(), { limit: 20, between: (page) => void (behaviour.forgetsPages = page % 3 === 1) });
    expect(ids).toEqual(all);
  });
});

describe('a window', () => {
  it.each([{}, { stamps: 's' as const }, { sorts: false }])(
    'is after < stamp ≤ until, whatever the bounds of the server: %j',
    async (behaviour) => {
      const { put, source } = await world(behaviour);
      for (const second of [0, 1, 2, 3]) put(`s${second}`, T + second * 1_000);
      const ids = async (after: number, until: number) => (await read(source(), { after: { v: 1, at: iso(after) }, until })).ids;
      expect(await ids(T, T + 2_000)).toEqual(['s1', 's2']);
      expect(await ids(T + 1, T + 1_999)).toEqual(['s1']);
      expect(await ids(T + 2_000, T + 2_500)).toEqual([]);
      expect(await source().hasChanges({ v: 1, at: iso(T + 2_000) }, iso(T + 2_500), c)).toBe(false);
      expect(await source().hasChanges({ v: 1, at: iso(T + 2_000) }, iso(T + 3_000), c)).toBe(true);
    },
  );

  it.each([{}, { totals: false }, { totals: false, links: false }])(
    'has changes behind those of its first second that are done: %j',
    async (more) => {
      const { put, source } = await world({ stamps: 's', ...more });
      for (const id of ['a', 'b', 'c']) put(id, T);
      put('new', T + 5_000);
      const after = { v: 1 as const, at: iso(T + 500) };
      expect(await source().hasChanges(after, iso(T + 10_000), c)).toBe(true);
      expect((await read(source(), { after, until: T + 10_000 })).ids).toEqual(['new']);
    },
  );

  it('is read anew where a bookmark has a place that this source did not write', async () => {
    const { put, source } = await world();
    put('p1', T + 1);
    const after = { v: 1, at: iso(T), place: { stamp: 'x', page: 3 } } as Bookmark;
    expect((await read(source(), { after })).ids).toEqual(['p1']);
  });
});
