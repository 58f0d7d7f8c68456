import { describe, expect, it } from '@jest/globals';
import { retryRecords, type Retried } from '../../src/sync/retry.js';
import { fakeProcess, type FakeProcess, type Settings } from '../support/sync/fake-process.js';
import { iso, noContext } from '../support/sync/fake-source.js';

type Step = (point: string) => Promise<void>;

/** A process, and a place to step in at: what the other of the two does in between. */
function world(settings: Settings): {
  p: FakeProcess;
  at(step: Step): void;
  retry(type: string, id: string): Promise<Retried | undefined>;
} {
  let step: Step = async () => undefined;
  const types = { A: settings, B: { ...settings, dependsOn: ['A'] }, C: { ...settings, dependsOn: ['B'] } };
  const p = fakeProcess(types, { at: (point) => step(point) });
  return {
    p,
    at: (next) => void (step = next),
    retry: async (type, id) => {
      const work = { types: p.parts, expectHealthy: async () => undefined, now: () => iso(p.system.time), rows: p.rows.open() };
      const parts = p.parts[type];
      if (!parts) throw new Error(type);
      return (await retryRecords([id], parts, work, noContext())).get(id);
    },
  };
}

/** Before so many calls to the destination that write, once. */
function beforeWrite(nth: number, work: () => Promise<void>): Step {
  let count = 0;
  return async (point) => {
    if (point !== 'write') return;
    count += 1;
    if (count === nth) await work();
  };
}

/** What is there as valid, in order. */
function valid({ destination }: FakeProcess): string[] {
  return [...destination.stored].flatMap(([key, { marked }]) => (marked ? [] : [key])).sort();
}

async function comesToRest({ p, at }: ReturnType<typeof world>): Promise<void> {
  at(async () => undefined);
  for (let n = 0; n < 3; n += 1) {
    await p.cycle();
    await p.heal();
  }
}

describe.each(['remove', 'mark'] as const)('the regular and the error process crossing each other over a parent (%s)', (how) => {
  const settings = { whenNoLonger: how, whenVoided: how };

  it('leave no child that the error process writes while the regular one takes its parent away', async () => {
    const w = world(settings);
    w.p.system.put('A', 'a');
    w.p.system.put('B', 'b', { parents: { A: 'a' } });
    w.p.destination.refusing.add('B b');
    await w.p.cycle();
    w.p.destination.refusing.clear();
    w.at(
      beforeWrite(1, async () => {
        w.p.system.put('A', 'a', { voided: true });
        await w.p.cycle();
      }),
    );
    await w.retry('B', 'b');
    await comesToRest(w);
    expect(valid(w.p)).toEqual([]);
    expect([...w.p.rows.rows.keys()]).toEqual([]);
  });

  it('leave no children that the regular process writes while the error process takes their parent away', async () => {
    const w = world(settings);
    w.p.system.put('A', 'a');
    await w.p.cycle();
    w.p.system.put('A', 'a', { bad: 'mapping' });
    await w.p.cycle();
    for (let n = 0; n < 30; n += 1) w.p.system.put('B', `b${n}`, { parents: { A: 'a' } });
    w.at(
      beforeWrite(2, async () => {
        w.p.system.put('A', 'a', { voided: true, bad: undefined });
        await w.retry('A', 'a');
      }),
    );
    await w.p.sync('B');
    await comesToRest(w);
    expect(valid(w.p)).toEqual([]);
    expect([...w.p.rows.rows.keys()]).toEqual([]);
  });

  it.each([1, 2, 3])('leave none below either, whichever of them goes when it is written (%s)', async (nth) => {
    const w = world(settings);
    w.p.system.put('A', 'a');
    w.p.system.put('B', 'b', { parents: { A: 'a' } });
    await w.p.cycle();
    w.p.system.put('A', 'a', { bad: 'mapping' });
    await w.p.cycle();
    w.p.system.put('C', 'c', { parents: { B: 'b' } });
    w.p.system.put('A', 'a', { voided: true, bad: undefined });
    // The error process takes C, B and A away, one after the other; the regular one writes C in between.
    let within = false;
    const step = beforeWrite(nth, async () => {
      within = true;
      await w.p.sync('C');
      within = false;
    });
    w.at(async (point) => (within ? undefined : step(point)));
    await w.retry('A', 'a');
    await comesToRest(w);
    expect(valid(w.p)).toEqual([]);
    expect([...w.p.rows.rows.keys()]).toEqual([]);
  });

  it('lose no child that the regular process takes away while its parent, valid again, arrives by the error process', async () => {
    const w = world(settings);
    w.p.system.put('A', 'a', { bad: 'mapping' });
    await w.p.cycle();
    w.p.system.put('B', 'b', { parents: { A: 'a' } });
    w.p.system.put('A', 'a', { voided: true, bad: undefined });
    w.at(
      beforeWrite(1, async () => {
        w.p.system.put('A', 'a', { voided: false });
        await w.retry('A', 'a');
      }),
    );
    await w.p.sync('B');
    await comesToRest(w);
    expect(valid(w.p)).toEqual(['A a', 'B b']);
    expect([...w.p.rows.rows.keys()]).toEqual([]);
  });
});
