import { describe, expect, it } from '@jest/globals';
import { fakeProcess, type FakeProcess, type Settings } from '../support/sync/fake-process.js';

/** Parents before children, all of them there; their destination fails on the one named. */
async function loaded(unseen: string, settings: Settings = {}): Promise<FakeProcess> {
  const p = fakeProcess({ A: settings, B: { dependsOn: ['A'], ...settings }, C: { dependsOn: ['B'], ...settings } });
  p.system.put('A', 'a1');
  p.system.put('B', 'b1', { parents: { A: 'a1' } });
  p.system.put('C', 'c1', { parents: { B: 'b1' } });
  await p.cycle();
  p.destination.unseen.add(unseen);
  p.destination.log.length = 0;
  return p;
}

const errorOf = (p: FakeProcess, key: string): unknown => p.rows.rows.get(key)?.failure?.error.code;
const there = (p: FakeProcess): string[] => [...p.destination.stored].filter(([, { marked }]) => !marked).map(([key]) => key);

describe('a record that the destination fails on where it is looked for', () => {
  it.each(['bring', 'hold', 'filter', 'fail'] as const)('is the error of its child, and not missing (%s)', async (whenParentMissing) => {
    const p = await loaded('A a1', { whenParentMissing });
    p.system.put('B', 'b2', { parents: { A: 'a1' } });
    expect((await p.sync('B')).sheet).toMatchObject({ read: 1, errored: 1 });
    expect(errorOf(p, 'B b2')).toBe('Refused');
    expect(p.destination.log).toEqual([]);
    p.destination.unseen.clear();
    await p.heal();
    expect([p.destination.stored.has('B b2'), p.rows.rows.size]).toEqual([true, 0]);
  });

  it.each(['remove', 'mark'] as const)('is not taken away before its children (%s), nor is what it depends on', async (whenNoLonger) => {
    const p = await loaded('B b1', { whenNoLonger, whenVoided: whenNoLonger });
    p.system.put('A', 'a1', { voided: true });
    expect((await p.sync('A')).sheet).toMatchObject({ read: 1, errored: 1 });
    expect([errorOf(p, 'A a1'), errorOf(p, 'B b1')]).toEqual(['ChildrenRemain', 'Refused']);
    expect(there(p)).toEqual(['A a1', 'B b1', 'C c1']);
    p.destination.unseen.clear();
    await p.heal();
    expect([there(p), p.destination.violations, p.rows.rows.size]).toEqual([[], [], 0]);
  });

  it('keeps itself, and its children, where it is to go for its own sake', async () => {
    const p = await loaded('A a1');
    p.system.put('A', 'a1', { voided: true });
    expect((await p.sync('A')).sheet).toMatchObject({ read: 1, errored: 1 });
    expect(errorOf(p, 'A a1')).toBe('Refused');
    expect(there(p)).toEqual(['A a1', 'B b1', 'C c1']);
    p.destination.unseen.clear();
    await p.heal();
    expect([there(p), p.rows.rows.size]).toEqual([[], 0]);
  });
});
