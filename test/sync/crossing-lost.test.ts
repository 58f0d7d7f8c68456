import { describe, expect, it } from '@jest/globals';
import { retryRecords } from '../../src/sync/retry.js';
import { fakeProcess } from '../support/sync/fake-process.js';
import { iso, noContext } from '../support/sync/fake-source.js';

describe.each(['remove', 'mark'] as const)('a parent that is looked at again for the sake of a lost child (%s), and goes', (how) => {
  it('leaves no children that the regular process writes meanwhile, of a type that has no rows', async () => {
    let step: (point: string) => Promise<void> = async () => undefined;
    const settings = { whenNoLonger: how, whenVoided: how };
    const p = fakeProcess(
      { A: settings, B: { ...settings, dependsOn: ['A'] }, D: { ...settings, dependsOn: ['A'] } },
      { at: (point) => step(point) },
    );
    p.system.put('A', 'a');
    p.system.put('D', 'd', { parents: { A: 'a' }, bad: 'mapping' });
    await p.cycle();
    for (let n = 0; n < 30; n += 1) p.system.put('B', `b${n}`, { parents: { A: 'a' } });
    let writes = 0;
    step = async (point) => {
      if (point !== 'write' || ++writes !== 2) return;
      p.system.put('A', 'a', { voided: true });
      const work = { types: p.parts, expectHealthy: async () => undefined, now: () => iso(p.system.time), rows: p.rows.open() };
      const parts = p.parts['D'];
      if (!parts) throw new Error('D');
      await retryRecords(['d'], parts, { ...work, lost: true }, noContext());
    };
    await p.sync('B');
    step = async () => undefined;
    for (let n = 0; n < 3; n += 1) {
      await p.cycle();
      await p.heal();
    }
    expect([...p.destination.stored].flatMap(([key, { marked }]) => (marked ? [] : [key]))).toEqual([]);
    expect([...p.rows.rows.keys()]).toEqual([]);
  });
});
