import { describe, expect, it } from '@jest/globals';
import { c, iso, read, T, world } from './source-world.js';

describe('deletions', () => {
  const history = { deleted: 'history' };

  it('come first, as voided records, oldest first and once, restarted at every page', async () => {
    const { put, source, simulator } = await world();
    for (let n = 0; n < 30; n += 1) put(`p${String(n).padStart(2, '0')}`, T + n);
    const gone = ['p03', 'p01', 'p09', 'p20', 'p21'];
    for (const id of gone) simulator.repository.remove('Patient', id, T + 1_000 + (id < 'p20' ? 5 : 9));
    simulator.repository.remove('Patient', 'p25', T + 1_001);
    put('p25', T + 1_500);
    put('p00', T + 2_000);
    const seen: [string, boolean][] = [];
    let after = { v: 1 as const, at: iso(T + 100) };
    for (let page = 0; page < 20; page += 1) {
      const first = await source(history)
        .changes(after, iso(T + 5_000), 2, c)
        [Symbol.asyncIterator]()
        .next();
      if (first.done === true) break;
      for (const record of first.value.records) seen.push([record.id ?? '?', 'voided' in record && record.voided]);
      after = JSON.parse(JSON.stringify(first.value.bookmark)) as typeof after;
      if (after.at >= iso(T + 5_000) && !('place' in after)) break;
    }
    expect(seen).toEqual([
      ['p01', true],
      ['p03', true],
      ['p09', true],
      ['p20', true],
      ['p21', true],
      ['p25', false],
      ['p00', false],
    ]);
  });

  it('are not passed over where a reading that stood among records of one stamp goes on to a later bound', async () => {
    const { put, source, simulator } = await world();
    put('x', T - 5_000);
    for (let n = 0; n < 25; n += 1) put(`p${String(n).padStart(2, '0')}`, T);
    const [inside] = (await read(source(history), { after: { v: 1, at: iso(T - 100) }, until: T + 1_000, limit: 10, pages: 1 })).bookmarks;
    expect(inside?.place).toMatchObject({ within: { stamp: iso(T) } });
    simulator.repository.remove('Patient', 'x', T + 2_000);
    const later = await read(source(history), { after: inside ?? null, until: T + 5_000, limit: 10 });
    expect(later.ids).toEqual([...Array.from({ length: 15 }, (_, n) => `p${n + 10}`), 'x']);
    expect(later.bookmarks.at(-1)).toEqual({ v: 1, at: iso(T + 5_000) });
  });

  it('are changes', async () => {
    const { put, source, simulator } = await world();
    put('p1', T);
    simulator.repository.remove('Patient', 'p1', T + 1_000);
    const after = { v: 1 as const, at: iso(T + 100) };
    expect(await source(history).hasChanges(after, iso(T + 2_000), c)).toBe(true);
    expect(await source(history).hasChanges(after, iso(T + 900), c)).toBe(false);
    expect(await source().hasChanges(after, iso(T + 2_000), c)).toBe(false);
  });

  it('stop the type in words where the server has no history of types', async () => {
    const { source } = await world({ typeHistory: false });
    const reading = read(source(history), { after: { v: 1, at: iso(T) } });
    await expect(reading).rejects.toMatchObject({ code: 'BadResponse', message: expect.stringContaining('_history') });
    expect((await source(history).check?.(c, []))?.problems).toHaveLength(1);
  });
});
