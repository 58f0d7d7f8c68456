import { describe, expect, it } from '@jest/globals';
import type { ErrorType } from '../../src/errors/error-type.js';
import { Budget } from '../../src/sync/budget.js';
import { retryRecords } from '../../src/sync/retry.js';
import { fakeProcess, type FakeProcess } from '../support/sync/fake-process.js';
import { iso, noContext } from '../support/sync/fake-source.js';

/**
 * What the destination says is wrong with the set-up; what cannot be mapped is a record's own
 * fault.
 */
const quota: ErrorType = { name: 'QuotaReached', code: 'Refused', keep: [], then: 'stop', remedy: 'Ask for more.' };
const stop = { code: 'QuotaReached', remedy: 'Ask for more.', needs: 'person' };
const errorTypes = [quota];

/** One batch of the error process: what became of each, why it stopped, and what rows were told. */
async function retry(p: FakeProcess, type: string, ids: string[]) {
  const from = p.rows.told.length;
  const parts = p.parts[type];
  if (!parts) throw new Error(type);
  const work = { types: p.parts, expectHealthy: async () => undefined, now: () => iso(p.system.time), rows: p.rows.open() };
  const budget = new Budget(work.rows);
  const result = await retryRecords(ids, parts, { ...work, budget }, noContext());
  return { result: Object.fromEntries(result), stops: budget.stop ? [budget.stop] : [], told: p.rows.told.slice(from) };
}

describe('an error type that says stop, in the error process', () => {
  it('ends the batch and tells no row a try; those that are in step are told', async () => {
    const p = fakeProcess({ A: {} }, { errorTypes });
    for (const id of ['a1', 'a2', 'a3', 'a4']) p.system.put('A', id, { bad: 'mapping' });
    await p.cycle();
    for (const id of ['a1', 'a2', 'a4']) p.system.put('A', id).bad = undefined;
    p.destination.refusing.add('A a1');
    const { result, stops, told } = await retry(p, 'A', ['a1', 'a2', 'a3', 'a4']);
    expect([result, told]).toEqual([{ a2: 'healed', a4: 'healed' }, []]);
    expect(stops).toEqual([expect.objectContaining({ ...stop, record: 'a1' })]);
    expect([...p.rows.rows].map(([key, { failure }]) => [key, failure?.error.errorType])).toEqual([
      ['A a1', 'MappingFailed'],
      ['A a3', 'MappingFailed'],
    ]);
    p.destination.refusing.clear();
    expect((await retry(p, 'A', ['a1', 'a3'])).result).toEqual({ a1: 'healed', a3: 'failing' });
  });

  it('of a parent that is brought over leaves its child as it was, and opens no row for the parent', async () => {
    const p = fakeProcess({ A: {}, B: { dependsOn: ['A'] } }, { errorTypes });
    p.system.put('B', 'b', { bad: 'mapping' });
    await p.cycle();
    p.system.put('A', 'a');
    p.system.put('B', 'b', { parents: { A: 'a' } }).bad = undefined;
    p.destination.refusing.add('A a');
    const { result, stops, told } = await retry(p, 'B', ['b']);
    expect([result, told, [...p.rows.rows.keys()]]).toEqual([{}, [], ['B b']]);
    expect(stops).toEqual([expect.objectContaining(stop)]);
    p.destination.refusing.clear();
    expect((await retry(p, 'B', ['b'])).result).toEqual({ b: 'healed' });
  });

  it('of a record that cannot be read, by its id or its place, leaves its row as it was', async () => {
    const p = fakeProcess({ A: {} });
    p.system.put('A', 'a', { bad: 'unreadable' });
    await p.cycle();
    const [parts] = Object.values(p.parts);
    if (parts) parts.classify = (error) => ({ ...error, errorType: 'Down', then: 'stop' });
    const { result, stops, told } = await retry(p, 'A', ['a']);
    expect([result, told, stops[0]?.code]).toEqual([{}, [], 'Down']);
    const { stamp = '' } = p.rows.rows.get('A a')?.failure ?? {};
    if (parts)
      parts.source = {
        ...parts.source,
        async *changes() {
          yield { records: [{ stamp, slot: 0, error: { code: 'Unreadable', message: 'm', remedy: 'r' } }], bookmark: { v: 1, at: stamp } };
        },
      };
    const place = await retry(p, 'A', [`@${stamp}#0`]);
    expect([place.result, place.told, place.stops[0]?.code]).toEqual([{}, [], 'Down']);
  });

  it('of a child that is released leaves it on the row of its parent, with those not tried yet', async () => {
    const p = fakeProcess({ A: {}, B: { dependsOn: ['A'] }, C: { dependsOn: ['A'] } }, { errorTypes });
    p.system.put('A', 'a', { bad: 'mapping' });
    for (const id of ['b1', 'b2']) p.system.put('B', id, { parents: { A: 'a' } });
    p.system.put('C', 'c', { parents: { A: 'a' } });
    await p.cycle();
    p.system.put('A', 'a').bad = undefined;
    p.destination.refusing.add('B b1');
    const { result, stops } = await retry(p, 'A', ['a']);
    expect([result, [...p.destination.stored.keys()]]).toEqual([{ a: 'failing' }, ['A a', 'B b2']]);
    expect(stops).toEqual([expect.objectContaining(stop)]);
    const row = p.rows.rows.get('A a');
    expect([p.rows.rows.size, row?.state, [...(row?.waiting.keys() ?? [])]]).toEqual([1, 'releasing', ['B b1', 'C c']]);
    p.destination.refusing.clear();
    await retry(p, 'A', ['a']);
    expect([p.destination.stored.size, p.rows.rows.size]).toEqual([4, 0]);
  });
});

describe('an error type that says stop, in the regular process', () => {
  it('of a parent that is brought over stops its child’s type before the child, with nothing recorded', async () => {
    const p = fakeProcess({ A: {}, B: { dependsOn: ['A'] } }, { errorTypes });
    p.system.put('B', 'b0');
    const first = p.system.put('B', 'b1', { parents: { A: 'a' } });
    p.system.put('B', 'b2');
    p.destination.refusing.add('A a');
    const until = iso(p.system.time);
    p.system.put('A', 'a');
    const { stopped, bookmark, sheet } = await p.sync('B', { until });
    expect(stopped).toMatchObject({ ...stop, message: 'A a: It is refused.', record: 'b1' });
    expect([bookmark, sheet.read, p.rows.rows.size]).toEqual([{ v: 1, at: iso(first.modified - 1) }, 1, 0]);
    p.destination.refusing.clear();
    expect([(await p.sync('B')).done, p.destination.stored.size, p.rows.rows.size]).toEqual([true, 4, 0]);
  });

  it('of a child that follows a late parent has it and its brothers wait on the row of the parent, and stops the type behind the page', async () => {
    const p = fakeProcess({ A: {}, B: { dependsOn: ['A'] }, C: { dependsOn: ['A'] } }, { errorTypes });
    p.system.put('A', 'a', { accepted: false });
    for (const id of ['b1', 'b2']) p.system.put('B', id, { parents: { A: 'a' } });
    p.system.put('C', 'c', { parents: { A: 'a' } });
    await p.cycle();
    expect(p.destination.stored.size).toBe(0);
    p.system.put('A', 'a', { accepted: true });
    p.destination.refusing.add('B b1');
    const { stopped, bookmark, sheet } = await p.sync('A');
    expect(stopped).toMatchObject(stop);
    expect([bookmark?.at, sheet.created]).toEqual([iso(p.system.time), 1]);
    const row = p.rows.rows.get('A a');
    expect([p.rows.rows.size, row?.state, [...(row?.waiting.keys() ?? [])]]).toEqual([1, 'releasing', ['B b1', 'C c']]);
    p.destination.refusing.clear();
    await retry(p, 'A', ['a']);
    expect([p.destination.stored.size, p.rows.rows.size]).toEqual([4, 0]);
  });

  it('of a child that follows a parent whose row is open has it wait there', async () => {
    const p = fakeProcess({ A: {}, B: { dependsOn: ['A'] } }, { errorTypes });
    p.system.put('A', 'a', { accepted: false });
    p.system.put('B', 'b', { parents: { A: 'a' } });
    await p.cycle();
    p.system.put('A', 'a', { accepted: true, bad: 'mapping' });
    await p.cycle();
    p.system.put('A', 'a').bad = undefined;
    p.destination.refusing.add('B b');
    expect((await p.sync('A')).stopped).toMatchObject(stop);
    const row = p.rows.rows.get('A a');
    expect([p.rows.rows.size, row?.state, [...(row?.waiting.keys() ?? [])]]).toEqual([1, 'releasing', ['B b']]);
  });
});
