import { describe, expect, it } from '@jest/globals';
import { GoneInCycle } from '../../src/sync/gone-in-cycle.js';
import { fakeProcess } from '../support/sync/fake-process.js';
import { iso } from '../support/sync/fake-source.js';

/** C depends on B and on A, B on A. */
const three = { A: {}, B: { dependsOn: ['A'] }, C: { dependsOn: ['A', 'B'] } };
const family = { A: 'a1', B: 'b1' };

describe('a missing parent', () => {
  it('is brought over first, its own parents first, in few calls', async () => {
    const p = fakeProcess(three);
    for (const n of [1, 2, 3]) {
      p.system.put('A', `a${n}`);
      p.system.put('B', `b${n}`, { parents: { A: `a${n}` } });
      p.system.put('C', `c${n}`, { parents: { A: `a${n}`, B: `b${n}` } });
    }
    const { sheet } = await p.sync('C');
    expect(sheet).toMatchObject({ read: 3, created: 3, brought: 6 });
    expect(p.destination.log.map((each) => each.split(' ')[1])).toEqual(['A', 'A', 'A', 'B', 'B', 'B', 'C', 'C', 'C']);
    expect(p.system.asked).toEqual(['fetch A a1,a2,a3', 'fetch B b1,b2,b3']);
    expect(p.destination.violations).toEqual([]);
  });

  it.each([
    ['is absent', {}],
    ['is voided', { A: { voided: true } }],
    ['does not pass its filter', { A: { accepted: false } }],
    ['belongs to one that is voided', { A: { voided: true }, B: {} }],
  ])('that %s makes its child filtered, without a row', async (_what, records) => {
    const p = fakeProcess(three);
    for (const [type, changes] of Object.entries(records))
      p.system.put(type, `${type.toLowerCase()}1`, { parents: { A: 'a1' }, ...changes });
    p.system.put('C', 'c1', { parents: family });
    expect((await p.sync('C')).sheet).toMatchObject({ read: 1, filtered: 1, brought: 0 });
    expect(p.destination.stored.size + p.rows.rows.size).toBe(0);
  });

  it.each([
    ['voided', { voided: true }],
    ['filtered by rule', { accepted: false }],
  ])('that is %s is not read again in the cycle that saw it, and brings its children once it comes', async (_what, changes) => {
    const p = fakeProcess(three);
    const gone = new GoneInCycle();
    p.system.put('A', 'a1', changes);
    for (let n = 1; n <= 50; n += 1) p.system.put('C', `c${n}`, { parents: { A: 'a1' } });
    const horizon = iso(p.system.time);
    await p.sync('A', { gone: gone.in(horizon) });
    await p.sync('C', { gone: gone.in(horizon) });
    expect(p.system.asked.filter((each) => each.startsWith('fetch'))).toEqual([]);
    await p.sync('C', { after: null, gone: gone.in(iso(p.system.time + 1)) });
    expect(p.system.asked.filter((each) => each.startsWith('fetch'))).toEqual(['fetch A a1']);
    p.system.put('A', 'a1', { voided: false, accepted: true });
    await p.sync('A', { gone: gone.in(iso(p.system.time)) });
    expect([...p.destination.stored.keys()].length).toBe(51);
  });

  it('that fails is one open row, and all that depend on it, however far, are held on that', async () => {
    const p = fakeProcess(three);
    p.system.put('A', 'a1', { bad: 'mapping' });
    p.system.put('B', 'b1', { parents: { A: 'a1' } });
    for (let n = 1; n <= 50; n += 1) p.system.put('C', `c${n}`, { parents: family });
    const { sheet, done } = await p.sync('C');
    expect([sheet, done]).toEqual([expect.objectContaining({ read: 50, held: 50 }), true]);
    expect([...p.rows.rows.keys()]).toEqual(['A a1']);
    expect(p.rows.rows.get('A a1')?.waiting.size).toBe(51);
    expect(p.rows.told.filter((each) => each.startsWith('errored'))).toEqual(['errored A a1']);
    expect(p.destination.log).toEqual([]);
    // Each page asks for it once, since it may have changed.
    expect(p.system.asked.filter((each) => each === 'fetch A a1').length).toBe(5);
    p.system.put('A', 'a1', { bad: undefined });
    await p.cycle();
    await p.heal();
    expect([p.rows.rows.size, p.destination.stored.size, p.destination.violations]).toEqual([0, 52, []]);
  });

  it('that cannot be read holds its children, and is told once', async () => {
    const p = fakeProcess(three);
    p.system.put('A', 'a1', { bad: 'unreadable' });
    p.system.put('B', 'b1', { parents: { A: 'a1' } });
    p.system.put('B', 'b2', { parents: { A: 'a1' } });
    expect((await p.sync('B', { limit: 1 })).sheet).toMatchObject({ read: 2, held: 2 });
    expect(p.rows.told).toEqual(['errored A a1', 'held B b1 on A a1', 'held B b2 on A a1']);
  });

  it('whose row children still wait on is tried like any other', async () => {
    const p = fakeProcess(three);
    p.system.put('A', 'a1');
    p.system.put('B', 'b1', { parents: { A: 'a1' } });
    const at = p.system.get('B', 'b1')?.modified ?? 0;
    await p.rows
      .open()
      .record([{ kind: 'held', entityType: 'B', id: 'b1', version: `${at}`, stamp: '', on: { entityType: 'A', id: 'a1' } }], {} as never);
    expect((await p.sync('B')).sheet).toMatchObject({ created: 1, brought: 1 });
  });

  it('that is marked is asked for again: it may be valid by now', async () => {
    const p = fakeProcess({ A: { whenNoLonger: 'mark' }, B: { dependsOn: ['A'] } });
    p.system.put('A', 'a1');
    await p.cycle();
    p.system.put('A', 'a1', { voided: true });
    await p.cycle();
    p.system.put('B', 'b1', { parents: { A: 'a1' } });
    expect((await p.sync('B')).sheet).toMatchObject({ filtered: 1 });
    p.system.put('B', 'b1');
    p.system.put('A', 'a1', { voided: false });
    expect((await p.sync('B')).sheet).toMatchObject({ created: 1, brought: 1 });
    expect(p.destination.violations).toEqual([]);
  });

  it('that is held for is not brought: its children wait until it comes by itself', async () => {
    const p = fakeProcess({ A: {}, B: { dependsOn: ['A'], whenParentMissing: 'hold' } });
    p.system.put('A', 'a1');
    p.system.put('A', 'a2', { voided: true });
    p.system.put('B', 'b1', { parents: { A: 'a1' } });
    p.system.put('B', 'b2', { parents: { A: 'a2' } });
    p.system.put('B', 'b3', { parents: { A: 'gone' } });
    expect((await p.sync('B')).sheet).toMatchObject({ read: 3, held: 1, filtered: 2, brought: 0 });
    expect(p.destination.stored.size).toBe(0);
    expect(p.rows.told).toEqual(['held B b1 on A a1']);
    expect((await p.sync('A')).sheet).toMatchObject({ created: 1, filtered: 1, brought: 1 });
    await p.heal();
    expect([[...p.destination.stored.keys()], p.rows.rows.size]).toEqual([['A a1', 'B b1'], 0]);
  });
});

describe('a child of a parent that fails', () => {
  it('is never written, over 200 failing parents, in the same cycle and after, and arrives once they are mended', async () => {
    const p = fakeProcess(three, { errors: { stopAfter: { consecutive: 1_000, share: 1, open: 5_000 } } });
    const failing = Array.from({ length: 200 }, (_, n) => `a${n}`);
    for (const id of failing) {
      p.system.put('A', id, { bad: 'mapping' });
      p.system.put('B', `b${id}`, { parents: { A: id } });
      p.system.put('C', `c${id}`, { parents: { A: id, B: `b${id}` } });
    }
    p.system.put('A', 'well');
    await p.sync('C');
    for (let n = 0; n < 3; n += 1) {
      await p.cycle();
      for (const id of failing.slice(0, 50)) p.system.put('C', `c${id}`);
      await p.heal();
    }
    expect(p.destination.log).toEqual(['upsert A well']);
    expect(p.rows.rows.size).toBe(200);
    for (const id of failing) p.system.put('A', id, { bad: undefined });
    await p.cycle();
    await p.heal();
    expect([p.destination.stored.size, p.rows.rows.size, p.destination.violations]).toEqual([601, 0, []]);
  });
});

describe('records whose row is open', () => {
  it('are left alone in the state that failed, and tried in a newer one', async () => {
    const p = fakeProcess(three);
    p.system.put('A', 'a1', { bad: 'mapping' });
    await p.cycle();
    const first = await p.sync('A', { after: null });
    expect([first.sheet, p.rows.told]).toEqual([expect.objectContaining({ read: 1, errored: 1 }), ['errored A a1']]);
    p.system.put('A', 'a1', { bad: undefined });
    expect((await p.sync('A')).sheet).toMatchObject({ created: 1 });
    expect(p.rows.rows.size).toBe(0);
  });

  it('cost no request where there are none, and no page has more than its write and its look for parents', async () => {
    const p = fakeProcess(three);
    for (let n = 0; n < 30; n += 1) p.system.put('A', `a${n}`);
    for (let n = 0; n < 30; n += 1) p.system.put('B', `b${n}`, { parents: { A: `a${n}` } });
    for (let cycle = 0; cycle < 2; cycle += 1) {
      await p.sync('A', { after: null });
      await p.sync('B', { after: null });
    }
    const page = ['find 10', 'write 10'];
    const pages = [...Array(3).fill('write 10'), ...page, ...page, ...page] as string[];
    expect(p.destination.calls).toEqual([...pages, ...pages]);
    expect(p.system.asked).toEqual([]);
  });
});

describe('a record with concepts that nothing reads', () => {
  it('is not written where its type holds such', async () => {
    const p = fakeProcess({ A: { concepts: { in: ['observations'], unmapped: 'hold', ignore: [] } } });
    p.system.put('A', 'a1', { concepts: ['Weight', 'Height'] });
    p.system.put('A', 'a2');
    expect((await p.sync('A')).sheet).toMatchObject({ errored: 1, created: 1 });
    expect(p.rows.rows.get('A a1')?.failure?.error).toMatchObject({ code: 'UnmappedConcepts', path: 'Weight, Height' });
  });
});

describe('a voided parent whose children cannot be listed', () => {
  /** As Avni cannot list the women of a household. */
  function household() {
    const p = fakeProcess({ A: { whenVoided: 'mark' }, B: { dependsOn: ['A'] } });
    const child = p.parts['B'];
    if (!child) throw new Error('No type B');
    child.unlisted = true;
    child.unlistedBy = ['A'];
    child.source.childrenOf = async function* () {};
    // A marked parent is still there: it is what children are left to point to.
    p.destination.lenient = true;
    return p;
  }

  it('is marked, and they keep pointing to it, also those that change meanwhile', async () => {
    const p = household();
    p.system.put('A', 'a1');
    p.system.put('B', 'b1', { parents: { A: 'a1' } });
    await p.cycle();
    p.system.put('A', 'a1', { voided: true });
    p.system.put('B', 'b1');
    const { A, B } = await p.cycle();
    expect([A?.sheet, B?.sheet]).toMatchObject([{ updated: 1 }, { updated: 1, removed: 0, filtered: 0 }]);
    p.system.put('B', 'b2', { parents: { A: 'a1' } });
    expect((await p.cycle())['B']?.sheet).toMatchObject({ created: 1 });
    p.system.put('A', 'a1', { voided: false });
    await p.cycle();
    expect([...p.destination.stored].map(([key, { marked }]) => [key, marked])).toEqual([
      ['A a1', false],
      ['B b1', false],
      ['B b2', false],
    ]);
  });

  it('has them wait where it never came, and they follow once it does', async () => {
    const p = household();
    p.system.put('A', 'a1', { voided: true });
    p.system.put('B', 'b1', { parents: { A: 'a1' } });
    expect((await p.cycle())['B']?.sheet).toMatchObject({ held: 1, filtered: 0 });
    p.system.put('A', 'a1', { voided: false });
    await p.cycle();
    await p.heal();
    expect([...p.destination.stored.keys()].sort()).toEqual(['A a1', 'B b1']);
    expect(p.rows.rows.size).toBe(0);
  });
});
