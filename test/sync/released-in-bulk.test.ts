import { describe, expect, it } from '@jest/globals';
import type { ErrorsDefinition } from '../../src/definition/definition.js';
import { allowedByResume, type Failing } from '../../src/model/failing.js';
import { Budget } from '../../src/sync/budget.js';
import { retryRecords } from '../../src/sync/retry.js';
import { fakeProcess, type FakeProcess } from '../support/sync/fake-process.js';
import type { FakeRecord } from '../support/sync/fake-source.js';
import { iso, noContext } from '../support/sync/fake-source.js';

const CHILDREN = 600;

/**
 * One parent that is left out at first, or fails, and six hundred children of it, those of the
 * given numbers to fail.
 */
function family(parent: Partial<FakeRecord>, bad: (n: number) => boolean, stopAfter: Partial<ErrorsDefinition['stopAfter']> = {}) {
  const errors = { stopAfter: { consecutive: 25, share: 0.5, open: 100, ...stopAfter } };
  const p = fakeProcess({ A: {}, B: { dependsOn: ['A'] } }, { errors });
  p.system.put('A', 'a', parent);
  for (let n = 0; n < CHILDREN; n += 1) p.system.put('B', `b${n}`, { parents: { A: 'a' }, ...(bad(n) ? { bad: 'mapping' } : {}) });
  return p;
}

async function retryParent(p: FakeProcess, ids = ['a'], openUpTo = 0, before?: Failing) {
  const [parts] = Object.values(p.parts);
  if (!parts) throw new Error('A');
  const work = { expectHealthy: async () => undefined, now: () => iso(p.system.time), rows: p.rows.open() };
  const budget = new Budget(work.rows, { openUpTo, ...(before ? { failing: before } : {}) });
  const result = await retryRecords(ids, parts, { ...work, budget }, noContext());
  return { stop: budget.stop, failing: budget.failing, result: Object.fromEntries(result) };
}

const children = (p: FakeProcess): string[] => [...p.rows.rows.keys()].filter((key) => key.startsWith('B '));
const waiting = (p: FakeProcess): number => p.rows.rows.get('A a')?.waiting.size ?? 0;
const mend = (p: FakeProcess): void => {
  for (const record of p.system.of('B')) record.bad = undefined;
};

async function held(bad: (n: number) => boolean, stopAfter: Partial<ErrorsDefinition['stopAfter']> = {}): Promise<FakeProcess> {
  const p = family({ bad: 'mapping' }, bad, stopAfter);
  await p.cycle({ limit: 1_000 });
  expect([p.rows.rows.size, waiting(p)]).toEqual([1, CHILDREN]);
  p.system.put('A', 'a').bad = undefined;
  return p;
}

describe('children that are released', () => {
  it('and all fail open no flood of rows: those from the first in a row on wait where they waited, pass after pass', async () => {
    const p = await held((n) => n >= 10);
    for (let passes = 0; passes < 3; passes += 1) {
      const { stop, result } = await retryParent(p);
      expect(stop).toMatchObject({ code: 'TooManyErrors', needs: 'person' });
      expect(stop?.message).toContain('It stopped before B b10, since so many records of B fail');
      expect(stop?.remedy).toContain('Correct it.');
      expect([result, children(p), waiting(p)]).toEqual([{ a: 'failing' }, [], CHILDREN - 10]);
    }
    mend(p);
    expect((await retryParent(p)).stop).toBeUndefined();
    expect([p.destination.stored.size, p.rows.rows.size]).toEqual([CHILDREN + 1, 0]);
  });

  it('are judged over batches, by their share too', async () => {
    const p = await held((n) => n % 3 !== 0, { open: 5_000 });
    expect((await retryParent(p)).stop?.code).toBe('TooManyErrors');
    expect(children(p).length).toBeLessThan(200);
    expect(children(p).length + waiting(p) + p.destination.stored.size).toBe(CHILDREN + 1);
  });

  it('open no more rows than the process may have', async () => {
    const p = await held((n) => n % 3 === 0);
    const { stop } = await retryParent(p);
    expect(stop?.message).toContain('more than 100 errored records would be open');
    // The row of the parent counts until its children are looked after.
    expect(children(p)).toHaveLength(99);
    // Those that do not fail arrive all the same.
    expect([p.destination.stored.size, waiting(p)]).toEqual([401, 101]);
    mend(p);
    await retryParent(p);
    expect([waiting(p), children(p).length]).toEqual([0, 99]);
  });

  it('that fail here and there each get a row, and the others arrive', async () => {
    const p = await held((n) => n % 20 === 0);
    expect((await retryParent(p)).stop).toBeUndefined();
    expect([children(p).length, p.destination.stored.size]).toEqual([30, CHILDREN - 30 + 1]);
  });
});

describe('children that are released by one execution after another', () => {
  it('are judged together', async () => {
    const p = fakeProcess({ A: {}, B: { dependsOn: ['A'] } });
    for (const a of ['a1', 'a2']) {
      p.system.put('A', a, { bad: 'mapping' });
      for (let n = 0; n < 15; n += 1) p.system.put('B', `${a} b${n}`, { parents: { A: a }, bad: 'mapping' });
    }
    await p.cycle({ limit: 1_000 });
    for (const a of ['a1', 'a2']) p.system.put('A', a).bad = undefined;
    const first = await retryParent(p, ['a1']);
    expect([first.stop, first.failing, children(p).length]).toEqual([undefined, expect.objectContaining({ consecutive: 15 }), 15]);
    const second = await retryParent(p, ['a2'], 0, first.failing);
    expect([second.stop?.code, children(p).length]).toEqual(['TooManyErrors', 15]);
    // What lies behind the stop comes again, and counts then.
    expect(second.failing).toEqual(first.failing);
  });

  it('are all recorded where an operator accepts that: up to a thousand in a row, or half as many again as may be open', async () => {
    const p = await held(() => true, { open: 5_000 });
    const { failing } = await retryParent(p);
    expect(children(p)).toEqual([]);
    expect((await retryParent(p, ['a'], 0, failing)).stop?.code).toBe('TooManyErrors');
    await retryParent(p, ['a'], 0, allowedByResume);
    expect([children(p).length, waiting(p)]).toEqual([CHILDREN, 0]);

    const q = await held((n) => n % 3 === 0);
    const { stop } = await retryParent(q);
    // The first batch of two hundred fails sixty-seven times, the next makes it too many, whose
    // parent counts too.
    expect(stop?.open).toBe(1 + 67 + 67);
    const again = await retryParent(q, ['a'], 150, allowedByResume);
    expect([again.stop?.message, children(q).length]).toEqual([expect.stringContaining('more than 150 errored records'), 150]);
  });
});

describe('a batch of rows', () => {
  it('is tried to its end where children of one of them fail too often; no further children are', async () => {
    const p = await held(() => true);
    for (const id of ['x', 'y']) p.system.put('A', id, { bad: 'mapping' });
    p.system.put('B', 'of y', { parents: { A: 'y' } });
    await p.cycle({ limit: 1_000 });
    for (const id of ['x', 'y']) p.system.put('A', id).bad = undefined;
    const { stop, result } = await retryParent(p, ['a', 'x', 'y']);
    expect(stop?.code).toBe('TooManyErrors');
    expect(result).toEqual({ a: 'failing', x: 'healed', y: expect.stringMatching(/healed|failing/) });
    expect([...p.destination.stored.keys()]).toEqual(expect.arrayContaining(['A a', 'A x', 'A y']));
    expect(children(p)).toEqual([]);
  });
});

describe('children that follow a late parent', () => {
  it('and all fail wait on its row, and its type says so; the next cycle goes on', async () => {
    const p = family({ accepted: false }, () => true, { open: 5_000 });
    await p.cycle({ limit: 1_000 });
    p.system.put('A', 'a', { accepted: true });
    p.system.put('A', 'later');
    const { stopped, sheet } = await p.sync('A');
    expect(stopped).toMatchObject({ code: 'TooManyErrors', needs: 'person' });
    expect([sheet.created, children(p), waiting(p)]).toEqual([2, [], CHILDREN]);
    expect((await p.sync('A')).stopped).toBeUndefined();
    mend(p);
    await retryParent(p);
    expect([p.destination.stored.size, p.rows.rows.size]).toEqual([CHILDREN + 2, 0]);
  });

  it('are counted towards the cap with those of the batches before', async () => {
    const p = family({ accepted: false }, (n) => n % 3 === 0);
    await p.cycle({ limit: 1_000 });
    p.system.put('A', 'a', { accepted: true });
    expect((await p.sync('A')).stopped?.message).toContain('more than 100 errored records would be open');
    expect(children(p)).toHaveLength(100);
    expect([p.destination.stored.size, waiting(p)]).toEqual([401, 100]);
  });
});
