import { describe, expect, it } from '@jest/globals';
import { fhir } from '../../../../src/connectors/fhir/index.js';
import type { ChangeSource, SourceOptions } from '../../../../src/connectors/connector.js';
import { c, iso, read, readRestarting, sourceAt, T, world, type World } from './source-world.js';

const DAY = 86_400_000;
/** Up to here changes are done; `T` is midnight. */
const before = { v: 1 as const, at: iso(T - 1_000) };

/** A destination in which these stand, and more than one page of them. */
function standingIn(ids: string[]): NonNullable<SourceOptions['standing']> {
  return async (from) => {
    const start = typeof from === 'number' ? from : 0;
    const next = start + 3;
    return { ids: ids.slice(start, next), ...(next < ids.length ? { next } : {}) };
  };
}

function looking({ simulator }: World, ids: string[], from: object = {}): ChangeSource {
  const settings = { deleted: 'reread', ...from };
  return sourceAt(`${simulator.url}/fhir`, settings, {}, undefined, { standing: standingIn(ids) });
}

describe('looking for what is gone', () => {
  it('is due once for each time of the clock that is past, by the bookmark alone', () => {
    const source = (from: object): ChangeSource => sourceAt('http://localhost:1/fhir', from);
    const due = (from: object, after: number, until: number): boolean | undefined =>
      source(from).looksForGone?.({ v: 1, at: iso(after) }, iso(until));
    const daily = { deleted: 'reread' };
    expect([due(daily, T - 1, T), due(daily, T, T + DAY - 1), due(daily, T, T + DAY), due(daily, T, T + 9 * DAY)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect([due({ ...daily, rereadHours: 2 }, T + 1, T + DAY / 12), due({ ...daily, rereadHours: 48 }, T + DAY - 1, T + DAY)]).toEqual([
      true,
      false,
    ]);
    expect([due({}, T - 1, T + DAY), due({ deleted: 'history' }, T - 1, T + DAY)]).toEqual([false, false]);
  });

  it('gives what stands in the destination and is not there, behind all changes, as voided records', async () => {
    const one = await world();
    for (let n = 0; n < 12; n += 1) one.put(`p${n}`, T - 2_000);
    one.put('p3', T + 1_000);
    for (const id of ['p1', 'p7']) one.simulator.repository.remove('Patient', id, T + 500);
    const source = looking(one, ['p0', 'p1', 'p2', 'p3', 'p7', 'p8', 'never', 'p9']);
    const all = await read(source, { after: before, until: T + 5_000 });
    expect(all.ids).toEqual(['p3', 'p1', 'p7', 'never']);
    expect(all.bookmarks.at(-1)).toEqual({ v: 1, at: iso(T + 5_000) });
    for await (const { records } of source.changes(before, iso(T + 5_000), 10, c))
      for (const record of records) if (record.id !== 'p3') expect(record).toMatchObject({ voided: true, modified: iso(T + 5_000) });
    // Not at another time, nor where nothing was read yet.
    expect((await read(source, { after: { v: 1, at: iso(T) }, until: T + 5_000 })).ids).toEqual(['p3']);
    expect((await read(source, { until: T + 5_000 })).ids).not.toContain('p1');
  });

  it('goes on where it was broken off, at every page, also once more has changed', async () => {
    const one = await world();
    for (let n = 0; n < 45; n += 1) one.put(`p${n}`, T - 2_000);
    for (const id of ['p1', 'p24', 'p44']) one.simulator.repository.remove('Patient', id, T + 500);
    const ids = Array.from({ length: 45 }, (_, n) => `p${n}`);
    const restarted = await readRestarting(() => looking(one, ids), { after: before, until: T + 5_000 });
    expect(restarted.ids).toEqual(['p1', 'p24', 'p44']);
    const [, , inside] = (await read(looking(one, ids), { after: before, until: T + 5_000 })).bookmarks;
    expect(inside).toMatchObject({ at: iso(T + 5_000), place: { gone: { from: 42 } } });
    one.put('p2', T + 7_000);
    expect(await looking(one, ids).hasChanges(inside ?? null, iso(T + 5_000), c)).toBe(true);
    const rest = await read(looking(one, ids), { after: inside ?? null, until: T + 9_000 });
    expect(rest.ids).toEqual(['p44', 'p2']);
    expect(rest.bookmarks.at(-1)).toEqual({ v: 1, at: iso(T + 9_000) });
  });

  it('stops where of very many none is there: a server that lost its data takes nobody away', async () => {
    const one = await world();
    one.put('p0', T - 2_000);
    const lost = Array.from({ length: 20 }, (_, n) => `lost${n}`);
    // Three stand on each page of the destination.
    const looks = (ids: string[], from = {}) => read(looking(one, ids, from), { after: before, until: T + 5_000 });
    await expect(looks(lost)).rejects.toMatchObject({ code: 'AllGone', needsPerson: true });
    expect((await looks([...lost.slice(1), 'p0'])).ids).toEqual(lost.slice(1));
    expect((await looks(lost.slice(1))).ids).toEqual(lost.slice(1));
  });

  it('stops where few stood and the server has nothing at all of the type, and goes on once nothing is looked for', async () => {
    const one = await world();
    const source = looking(one, ['only']);
    await expect(read(source, { after: before, until: T + 5_000 })).rejects.toMatchObject({ code: 'AllGone' });
    const begun = { v: 1 as const, at: iso(T), place: { gone: {} } };
    await expect(read(source, { after: begun, until: T + 5_000 })).rejects.toMatchObject({ code: 'AllGone' });
    one.put('new', T + 1_000);
    expect((await read(looking(one, ['only'], { deleted: 'ignore' }), { after: begun, until: T + 5_000 })).ids).toEqual(['new']);
  });

  it('takes for gone neither what cannot be read, nor what is of another part, nor anything of a server that fails', async () => {
    const one = await world();
    for (const id of ['bad', 'other']) one.put(id, T - 2_000, { meta: { tag: [{ system: 'urn:t', code: 'x' }] } });
    one.simulator.behaviour.failsOn = ['bad'];
    const source = looking(one, ['bad', 'other', 'no id of R4!'], { tag: 'urn:t|y' });
    expect((await read(source, { after: before, until: T + 5_000 })).ids).toEqual([]);
    one.simulator.faults.push({ path: '/fhir/Patient', do: { respond: { status: 503 } } });
    await expect(read(looking(one, ['gone']), { after: { v: 1, at: iso(T - 1) }, until: T })).rejects.toMatchObject({
      name: 'SystemFailure',
    });
  });

  it('has its hours only where it looks', () => {
    const isRight = (from: object): boolean | undefined => fhir.sourceSettings?.safeParse({ resource: 'Patient', ...from }).success;
    expect([
      isRight({ deleted: 'reread', rereadHours: 6 }),
      isRight({ rereadHours: 6 }),
      isRight({ deleted: 'reread', rereadHours: 0 }),
    ]).toEqual([true, false, false]);
  });
});
