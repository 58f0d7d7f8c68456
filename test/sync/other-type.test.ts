import { expect, it } from '@jest/globals';
import { fakeProcess } from '../support/sync/fake-process.js';

const errors = [
  { code: 'OtherType', message: 'It is a Household.', remedy: 'Name its type.' },
  { code: 'OtherRecord', message: 'It is known by another id.', remedy: 'Name its id.' },
];

/**
 * A b1 whose parent, as its expression names it, is there, and of another type than the definition
 * says, or of another id.
 */
function misnamed(error: (typeof errors)[number]) {
  const p = fakeProcess({ A: {}, B: { dependsOn: ['A'] } });
  const { source } = p.parts['A'] ?? {};
  const fetch = source?.fetch;
  if (!source || !fetch) throw new Error('no source');
  source.fetch = async (ids, c) => {
    const found = await fetch(ids, c);
    return ids.includes('other') ? found.set('other', { id: 'other', stamp: '', slot: 0, error }) : found;
  };
  p.system.put('B', 'b1', { parents: { A: 'other' } });
  return p;
}

it.each(errors)('is an error of the child, not of its parent, which is right as it is: $code', async (error) => {
  const p = misnamed(error);
  expect((await p.sync('B')).sheet).toMatchObject({ read: 1, errored: 1, held: 0, filtered: 0 });
  expect([...p.rows.rows.keys()]).toEqual(['B b1']);
  expect(p.rows.rows.get('B b1')?.failure?.error).toMatchObject({ code: error.code, message: error.message });
});

it.each(errors)('closes once the child names the right one: $code', async (error) => {
  const p = misnamed(error);
  await p.sync('B');
  await p.heal();
  expect([p.rows.rows.size, p.destination.stored.size]).toEqual([1, 0]);
  p.system.put('A', 'a1');
  p.system.put('B', 'b1', { parents: { A: 'a1' } });
  await p.cycle();
  await p.heal();
  expect([p.rows.rows.size, [...p.destination.stored.keys()].sort()]).toEqual([0, ['A a1', 'B b1']]);
});
