import { describe, expect, it } from '@jest/globals';
import { SystemFailure } from '../../src/errors/system-failure.js';
import { fakeProcess, lastProgress } from '../support/sync/fake-process.js';
import { iso } from '../support/sync/fake-source.js';

const three = { A: {}, B: { dependsOn: ['A'] }, C: { dependsOn: ['A', 'B'] } };
const down = new SystemFailure({ code: 'Unavailable', message: 'It is down.', remedy: 'Wait.' });

/** A voided a1 with a b1 and a c1 that all types have gone by. */
async function passedBy(more: Parameters<typeof fakeProcess>[1] = {}, types: Parameters<typeof fakeProcess>[0] = three) {
  const p = fakeProcess(types, more);
  p.system.put('A', 'a1', { voided: true });
  p.system.put('B', 'b1', { parents: { A: 'a1' } });
  p.system.put('C', 'c1', { parents: { A: 'a1', B: 'b1' } });
  await p.cycle();
  expect(p.destination.stored.size + p.rows.rows.size).toBe(0);
  return p;
}
const there = (p: ReturnType<typeof fakeProcess>) => [...p.destination.stored.keys()].sort();
const valid = (p: ReturnType<typeof fakeProcess>) => there(p).filter((key) => p.destination.stored.get(key)?.marked === false);

describe('a parent that arrives late', () => {
  it.each(['voided', 'accepted'] as const)('brings its children and theirs, when its %s changes', async (what) => {
    const p = fakeProcess(three);
    p.system.put('A', 'a1', { [what]: what === 'voided' });
    p.system.put('B', 'b1', { parents: { A: 'a1' } });
    p.system.put('C', 'c1', { parents: { A: 'a1', B: 'b1' } });
    p.system.put('C', 'c2', { parents: { A: 'a1', B: 'b1' }, voided: true });
    await p.cycle();
    p.system.put('A', 'a1', { [what]: what !== 'voided' });
    const { sheet } = await p.sync('A');
    expect(sheet).toMatchObject({ read: 1, created: 1, brought: 2 });
    expect([there(p), p.destination.violations, p.rows.rows.size]).toEqual([['A a1', 'B b1', 'C c1'], [], 0]);
  });

  it('brings its children also where it is brought over itself', async () => {
    const p = await passedBy();
    p.system.put('B', 'b2', { parents: { A: 'a1' } });
    p.system.put('A', 'a1', { voided: false });
    await p.sync('B');
    expect(there(p)).toEqual(['A a1', 'B b1', 'B b2', 'C c1']);
    p.system.asked.length = 0;
    await p.cycle();
    expect(p.system.asked).toEqual([]);
  });

  it('was passed by also by pages of the same run', async () => {
    let fetched = 0;
    const p = fakeProcess(three, {
      at: async (point) => {
        // Between the pages it is valid again, which its own type will find unchanged later.
        if (point === 'fetch A' && (fetched += 1) === 2) p.system.put('A', 'a1', { voided: false });
      },
    });
    p.system.put('A', 'a1', { voided: true });
    p.system.put('B', 'b1', { parents: { A: 'a1' } });
    p.system.put('B', 'b2', { parents: { A: 'a1' } });
    await p.sync('B', { limit: 1 });
    expect(there(p)).toEqual(['A a1', 'B b1', 'B b2']);
  });

  it('is not asked for children that cannot have been passed by', async () => {
    const p = fakeProcess(three);
    p.system.put('A', 'old');
    await p.cycle();
    p.system.put('A', 'new');
    await p.cycle();
    const first = fakeProcess(three);
    first.system.put('A', 'a1', { created: undefined });
    first.system.put('B', 'b1', { parents: { A: 'a1' } });
    first.system.put('C', 'c1', { parents: { A: 'a1', B: 'b1' } });
    await first.cycle();
    const unasked = fakeProcess(three);
    unasked.system.put('A', 'a1');
    await unasked.sync('A', { passed: undefined } as object);
    expect([p, first, unasked].flatMap(({ system }) => system.asked)).toEqual([]);
    first.system.put('A', 'a2', { created: undefined });
    await first.cycle();
    expect(first.system.asked).toEqual(['any B', 'any C', 'children B of A a2', 'children C of A a2']);
  });

  it('leaves alone children whose row is open, and those before where their type begins', async () => {
    const p = fakeProcess({ A: {}, B: { dependsOn: ['A'], since: iso(Date.UTC(2025, 0, 2)) } });
    p.system.put('A', 'a1');
    p.system.put('B', 'b1', { parents: { A: 'a1' }, bad: 'mapping' });
    p.system.put('B', 'older', { parents: { A: 'a1' }, modified: Date.UTC(2025, 0, 1) });
    await p.sync('A');
    await p.sync('B', { after: { v: 1, at: iso(Date.UTC(2025, 0, 2)) } });
    p.system.put('A', 'a1', { voided: true });
    await p.sync('A');
    p.system.put('A', 'a1', { voided: false });
    p.system.put('B', 'b1');
    await p.sync('B');
    const told = p.rows.told.length;
    expect((await p.sync('A')).sheet).toMatchObject({ read: 1, brought: 0 });
    expect([p.rows.told.length, there(p)]).toEqual([told, ['A a1']]);
  });

  it('has its children’s failures recorded', async () => {
    const p = await passedBy();
    p.system.put('B', 'b1', { bad: 'mapping' });
    await p.sync('B');
    p.system.put('A', 'a1', { voided: false });
    expect((await p.sync('A')).sheet).toMatchObject({ created: 1, brought: 0 });
    expect(p.rows.rows.get('B b1')?.failure?.error.code).toBe('MappingFailed');
    expect(p.rows.rows.get('B b1')?.waiting.has('C c1')).toBe(true);
  });

  it.each(['children B', 'write one', 'find', 'record', 'in step'])('loses none of them when the run ends at any “%s”', async (point) => {
    for (let nth = 1; nth < 12; nth += 1) {
      let count = Number.NEGATIVE_INFINITY;
      const p = await passedBy({
        at: async (at) => {
          if (at !== point || (count += 1) !== nth) return;
          throw nth % 2 === 0 ? down : new Error('the worker died');
        },
      });
      p.system.put('A', 'a1', { voided: false });
      count = 0;
      await p.sync('A').catch(() => undefined);
      count = Number.NEGATIVE_INFINITY;
      await p.cycle();
      await p.heal();
      expect([point, nth, there(p), p.rows.rows.size]).toEqual([point, nth, ['A a1', 'B b1', 'C c1'], 0]);
      expect(p.destination.violations).toEqual([]);
    }
  });

  it('comes as such also when the answer to its write was lost', async () => {
    const p = await passedBy();
    p.system.put('A', 'a1', { voided: false });
    p.destination.losing = 1;
    await p.sync('A');
    expect(there(p)).toEqual(['A a1', 'B b1', 'C c1']);
  });

  it('brings a large family batch by batch', async () => {
    const p = fakeProcess({ A: {}, B: { dependsOn: ['A'] } });
    p.system.put('A', 'a1', { voided: true });
    for (let n = 0; n < 450; n += 1) p.system.put('B', `b${n}`, { parents: { A: 'a1' } });
    await p.cycle({ limit: 1000 });
    p.system.put('A', 'a1', { voided: false });
    p.destination.calls.length = 0;
    expect((await p.sync('A')).sheet.brought).toBe(450);
    expect(p.destination.calls.filter((each) => each.startsWith('write'))).toEqual(['write 1', 'write 200', 'write 200', 'write 50']);
  });
});

describe('a parent that goes', () => {
  const policies = (A: 'remove' | 'mark', B: 'remove' | 'mark') => ({
    A: { whenNoLonger: A },
    B: { dependsOn: ['A'], whenNoLonger: B },
    C: { dependsOn: ['A', 'B'] },
  });

  async function written(types: Parameters<typeof fakeProcess>[0], more: Parameters<typeof fakeProcess>[1] = {}) {
    const p = fakeProcess(types, more);
    p.system.put('A', 'a1');
    p.system.put('B', 'b1', { parents: { A: 'a1' } });
    p.system.put('C', 'c1', { parents: { A: 'a1', B: 'b1' } });
    p.system.put('C', 'c2', { parents: { A: 'a1' } });
    await p.cycle();
    p.destination.log.length = 0;
    return p;
  }

  it.each([
    ['remove', 'remove', 'voided'],
    ['mark', 'mark', 'voided'],
    ['mark', 'remove', 'accepted'],
  ] as const)('(%s, children %s) takes its children along before it, when its %s changes', async (A, B, what) => {
    const p = await written(policies(A, B));
    p.system.put('A', 'a1', { [what]: what === 'voided' });
    const { sheet } = await p.sync('A');
    expect(sheet).toMatchObject({ read: 1, ...(A === 'remove' ? { removed: 1 } : { updated: 1 }), errored: 0 });
    expect(p.destination.violations).toEqual([]);
    expect(p.destination.log.at(-1)).toBe(`${A} A a1`);
    expect(valid(p)).toEqual([]);
    p.system.put('A', 'a1', { [what]: what !== 'voided' });
    await p.cycle();
    await p.heal();
    expect(valid(p)).toEqual(['A a1', 'B b1', 'C c1', 'C c2']);
  });

  it('is removed with its children also where its own parent is what goes', async () => {
    const p = await written({
      R: {},
      A: { dependsOn: ['R'], whenNoLonger: 'mark' },
      B: { dependsOn: ['A'] },
      C: { dependsOn: ['A', 'B'] },
    });
    p.system.put('R', 'r1', { voided: true });
    p.system.put('A', 'a1', { parents: { R: 'r1' } });
    await p.sync('A');
    expect([there(p), p.destination.violations]).toEqual([['A a1'], []]);
  });

  it('leaves children that stay, and theirs', async () => {
    const p = await written({ A: { whenNoLonger: 'mark' }, B: { dependsOn: ['A'], whenNoLonger: 'keep' }, C: { dependsOn: ['B'] } });
    p.system.put('A', 'a1', { voided: true });
    await p.sync('A');
    expect(p.destination.log).toEqual(['mark A a1']);
  });

  it('costs no listing where it is not there, or marked already, and one look-up for the page', async () => {
    const p = await written(policies('mark', 'mark'));
    p.system.put('A', 'a1', { voided: true });
    await p.sync('A');
    p.system.asked.length = p.destination.calls.length = 0;
    p.system.put('A', 'a1');
    p.system.put('A', 'a2', { voided: true });
    expect((await p.sync('A')).sheet).toMatchObject({ unchanged: 1, filtered: 1 });
    expect([p.system.asked, p.destination.calls]).toEqual([[], ['find 2', 'write 2']]);
  });

  it('stays, as an error of its own, while a child cannot be taken away', async () => {
    const p = await written(policies('remove', 'remove'));
    p.destination.refusing.add('C c2');
    p.system.put('A', 'a1', { voided: true });
    expect((await p.sync('A')).sheet).toMatchObject({ errored: 1 });
    expect([...p.rows.rows.keys()].sort()).toEqual(['A a1', 'C c2']);
    expect(p.rows.rows.get('A a1')?.failure?.error.code).toBe('ChildrenRemain');
    expect(there(p)).toEqual(['A a1', 'C c2']);
    p.system.put('A', 'a1', { voided: false });
    p.destination.refusing.clear();
    await p.cycle();
    await p.heal();
    expect([there(p), p.rows.rows.size]).toEqual([['A a1', 'B b1', 'C c1', 'C c2'], 0]);
  });

  it.each(['record', 'find', 'children B', 'children C', 'write', 'write one', 'in step'])(
    'brings them back where it is valid again after the run ended at any “%s”',
    async (point) => {
      for (const policy of ['remove', 'mark'] as const)
        for (let nth = 1; nth < 9; nth += 1) {
          let count = Number.NEGATIVE_INFINITY;
          const p = await written(policies(policy, policy), {
            at: async (at) => {
              if (at === point && (count += 1) === nth) throw nth % 2 === 0 ? down : new Error('the worker died');
            },
          });
          p.system.put('A', 'a1', { voided: true });
          count = 0;
          await p.sync('A').catch(() => undefined);
          count = Number.NEGATIVE_INFINITY;
          p.system.put('A', 'a1', { voided: false });
          await p.cycle();
          await p.heal();
          expect([point, nth, valid(p), p.destination.violations, p.rows.rows.size]).toEqual([
            point,
            nth,
            ['A a1', 'B b1', 'C c1', 'C c2'],
            [],
            0,
          ]);
        }
    },
  );

  it('leaves no row behind, nor tells one twice', async () => {
    const p = await written(policies('remove', 'remove'));
    p.system.put('A', 'a1', { voided: true });
    await p.sync('A');
    expect([p.rows.rows.size, p.rows.told.sort()]).toEqual([0, ['held B b1 on A a1', 'held C c1 on A a1', 'held C c2 on A a1']]);
  });

  it('goes on where it was interrupted', async () => {
    for (let nth = 1; nth < 8; nth += 1) {
      let count = Number.NEGATIVE_INFINITY;
      const p = await written(policies('remove', 'remove'), {
        at: async (at) => {
          if (at === 'write one' && (count += 1) === nth) throw down;
        },
      });
      p.system.put('A', 'a1', { voided: true });
      count = 0;
      const kept = lastProgress();
      await p.sync('A', kept);
      await p.cycle();
      expect([nth, there(p), p.destination.violations]).toEqual([nth, [], []]);
    }
  });
});
